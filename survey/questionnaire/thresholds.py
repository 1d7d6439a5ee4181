"""Every number a mark, a page or a code is decided by: its default, and the reason for it."""

from __future__ import annotations

from pydantic import Field

from survey.questionnaire.plan import Written


class Thresholds(Written):
    """Every number a mark is decided by, with its reason; a schema overrides single ones under `reading`."""

    empty_below: float = Field(0.1, ge=0, le=1)
    """p_marked under which a box is empty; the band up to 0.87 leaves about one box in two hundred to a person."""
    marked_above: float = Field(0.87, ge=0, le=1)
    """p_marked over which a box is marked."""
    surely_marked_above: float = Field(0.96, ge=0, le=1)
    """p_marked over which little ink is enough where there is room to see it, and two marks of a single-choice item are
    believed: what passes for a second mark is mostly a slip, the tip of an arrow, dirt."""
    clean_residue: float = Field(0.003, ge=0, le=1)
    """Ink in and around a box (share of its area) up to which nothing is there that could be a mark …"""
    clean_room: float = Field(0.2, ge=0, le=1)
    """… if at least this share of its inside is free of print, so that ink could be seen."""
    bare_below: float = Field(0.15, ge=0, le=1)
    """p_marked up to which such a box is empty in black and white: its frame unsettles it, thickened by the scan."""
    veto_residue: float = Field(0.015, ge=0, le=1)
    """Ink in and around a box, where nothing is printed and that nothing else claims (a mark at another box, a line far
    longer than a box), from which it is not called empty …"""
    surely_empty_below: float = Field(0.03, ge=0, le=1)
    """… unless p_marked is even under this: ink that clearly is no mark of this box …"""
    much_residue: float = Field(0.15, ge=0, le=1)
    """… or unless there is this much of it, as of a ring around the box, …"""
    farthest_below: float = Field(0.001, ge=0, le=1)
    """… and p_marked is not even under this."""
    nothing_below: float = Field(0.02, ge=0, le=1)
    """p_marked up to which a box is empty where nothing is marked in its single-choice item, or not quite surely …"""
    nothing_near_below: float = Field(0.003, ge=0, le=1)
    """… and up to which it is with ink beside it (`veto_residue`) and no mark at all in the item."""
    aside_above: float = Field(0.6, ge=0)
    """Lesser side of what stands right beside a box, boxes, from which it may be a mark for it: letters are smaller."""
    ragged_bulge: float = Field(0.6, ge=0)
    """Ink across the frame, px of full black, from which a box is not empty there in black and white, if the network
    sees anything, or this and `dot_bulge`; in grey scans `trace_bulge` is enough."""
    little_residue: float = Field(0.025, ge=0, le=1)
    """Ink in and around a box under which what looks like a mark may be a speck: a dot of 0.8 mm has more."""
    little_excess: float = Field(0.25, ge=0, le=1)
    """The same in a box full of print: a spot this much darker than the print; nine in ten simulated marks have it …"""
    beyond_usual: float = Field(0.1, ge=0, le=1)
    """… or so much more of that than the page's unmarked boxes have in the middle, …"""
    usual_boxes: int = Field(5, ge=1)
    """… if there are so many of them …"""
    usual_above: float = Field(0.97, ge=0, le=1)
    """… and p_marked is at least this."""
    alike_times: float = Field(2, ge=0)
    """An unsure box full of print is empty with less than this times the p_marked of the page's in the middle, and a
    spot no darker than theirs …"""
    alike_below: float = Field(0.3, ge=0, le=1)
    """… if that p_marked is at most this: most of the page's boxes are unmarked …"""
    alike_boxes: int = Field(20, ge=1)
    """… and the page has so many of them."""
    least_spread: float = Field(0.0015, gt=0, le=1)
    """Mean darkness by which boxes that print as much differ at least, however evenly a page is printed and scanned."""
    darker_times: float = Field(6, ge=0)
    """So many times the spread of a page's boxes full of print from which one that is darker than those of them that
    print as much holds ink, in black and white …"""
    darker_times_grey: float = Field(12, ge=0)
    """… and in a grey scan, which shows shadows and what is on the back …"""
    alike_spread: float = Field(3, ge=0)
    """… and up to which an unsure one is empty where another box of its single-choice item is surely marked."""
    alike_items: int = Field(3, ge=1)
    """What the boxes of one option have in the middle is no ink, if so many of a page look unmarked: bolder letters."""
    alone_share: float = Field(0.4, ge=0, le=1)
    """Where one box of an item that takes one mark is darker so (by `darker_times` from a p_marked of `hidden_above`
    on), and no other by more than this share of it, it is marked …"""
    alone_beside: float = Field(0.04, ge=0)
    """… if p_marked is over `empty_below` and at most this share of its area is ink beside it: no word, no line."""
    many_items: int = Field(10, ge=1)
    """An item that may take several marks is read like one that takes one, if it has fewer than `many_boxes`, where a
    case has so many such items of two boxes and more …"""
    two_share: float = Field(0.05, ge=0, le=1)
    """… and no more of them than this share have two marks (`alone_wide_above`)."""
    slight_ink: float = Field(0.25, ge=0, le=1)
    """A mark in a multiple-choice item with less ink inside than this may be a slip or dirt …"""
    slight_below: float = Field(0.9, ge=0, le=1)
    """… while p_marked is under this."""
    unlike_share: float = Field(0.35, ge=0, le=1)
    """A mark with less than this share of the ink that the case's marks have in the middle may be a slip, too …"""
    slip_below: float = Field(0.98, ge=0, le=1)
    """… while p_marked is under this, …"""
    far_less_share: float = Field(0.22, ge=0, le=1)
    """… and one with less than this share of it …"""
    far_less_below: float = Field(0.997, ge=0, le=1)
    """… while p_marked is under this."""
    unlike_below: float = Field(0.995, ge=0, le=1)
    """p_marked over which a mark that is otherwise unlike the case's others is believed."""
    upright_deg: float = Field(15, ge=0, le=90)
    """A line of ink that leans less than this from upright may be an arrow, while p_marked is under `unlike_below` and
    the case's marks mostly lean twice as far and more."""
    small_span: float = Field(0.55, ge=0, le=1)
    """Ink that reaches across no more of its box than this may be a dot …"""
    wide_span: float = Field(0.9, ge=0, le=1)
    """… while a mark mostly reaches across this much …"""
    wide_share: float = Field(0.75, ge=0, le=1)
    """… of a case of whose marks so many do: …"""
    inner_share: float = Field(0.5, ge=0, le=1)
    """… there a stroke all inside its box (`trace_ink` beside it) that reaches no further across than that and has less
    than this share of the ink that the case's marks have in the middle is never sure."""
    runs_on_above: float = Field(1.2, ge=0)
    """A mark that goes on so many widths of its box to the left or right may be writing, or a stamp …"""
    runs_on_share: float = Field(0.1, ge=0, le=1)
    """… while p_marked is under `unlike_below`, if of the case's marks that are over it no larger share does so."""
    trace_ink: float = Field(0.005, ge=0, le=1)
    """Ink inside a box from which it is not called empty: it may be all that a 1-bit scan has left of a mark."""
    speck_ink: float = Field(0.05, ge=0, le=1)
    """Ink inside a box under which a trace is but a speck: dirt, where nobody is to black out, …"""
    firm_marks: int = Field(5, ge=1)
    """… if the case has so many sure marks in such scans …"""
    firm_residue: float = Field(0.12, ge=0)
    """… with this much ink in the middle: its pen leaves more than specks."""
    trace_excess: float = Field(0.65, ge=0, le=1)
    """The same of ink on print: a dot on the frame is so much darker than frames that a scan has thickened."""
    trace_bulge: float = Field(0.2, ge=0)
    """Ink across the frame at its darkest place, beyond that at most places and in most boxes, px of full black, from
    which a grey scan shows a dot or a dash, whatever the network says, if hardly any ink lies beside it
    (`little_residue`); …"""
    bulge_times: float = Field(3, ge=0)
    """… and if it is so many times what frames of its page bulge in the middle: those of a photocopy are ragged; …"""
    small_residue: float = Field(0.13, ge=0)
    """… if the case's marks have this much ink in the middle …"""
    dot_bulge: float = Field(0.4, ge=0)
    """… it takes this much, as of a clear dot: only who makes small marks hits the frame alone; …"""
    smaller_residue: float = Field(0.09, ge=0)
    """… and where they have even less than this …"""
    smaller_bulge: float = Field(0.15, ge=0)
    """… this is enough."""
    smaller_above: float = Field(0.015, ge=0, le=1)
    """p_marked from which a box of an item that may take several is doubtful in black and white where the case's marks
    have less ink than `smaller_residue`."""
    large_mm: float = Field(9.0, gt=0)
    """Longer side of a box over which ink across its frame is a ruled line or a stroke of the next cell's mark: who
    marks a wide cell has room inside, and what share of it a mark covers does not tell who makes small marks."""
    black_above: float = Field(0.98, ge=0, le=1)
    """p_black over which a box was blacked out: a filled-in box that is taken for one is a lost answer …"""
    black_coverage: float = Field(0.6, ge=0, le=1)
    """… if besides this share of its core is covered by ink."""
    black_beside: float = Field(0.8, ge=0, le=1)
    """The same in a single-choice item in which one other box is marked, lightly, and nothing else is unsure …"""
    black_beside_only: float = Field(0.5, ge=0, le=1)
    """… or this, if no box of the case that may be black is alone in its item."""
    black_alone_share: float = Field(0.05, ge=0, le=1)
    """Share of a case's marks up to which boxes that may be black and are alone in their items tell of nothing where
    another item has a black box and one light mark."""
    rather_black: float = Field(0.3, ge=0, le=1)
    """p_black from which a mark is doubtful even where nothing else stands in its item; on paper that does not ask to
    black wrong marks out, if the case has `firm_marks`, most of them lighter, and p_marked is under `unlike_below`."""
    light_below: float = Field(0.1, ge=0, le=1)
    """p_black under which a mark is certainly no correction, …"""
    covered: float = Field(0.97, ge=0, le=1.01)
    """… unless nearly all of its box's core is covered, as when it was blacked out neatly."""
    heavy_above: float = Field(0.005, ge=0, le=1)
    """p_black from which a mark in a single-choice item may be blacked out if another box there may be marked, and one
    that is `covered` in any item beside a light one …"""
    heavy_coverage: float = Field(0.4, ge=0, le=1)
    """… and this share of its core is covered: of a correction in faint pencil black-and-white scans keep that."""
    kept_coverage: float = Field(0.15, ge=0, le=1)
    """… or this share, where scans in black and white may have lost other marks of the case: there a mark may be …"""
    kept_black: float = Field(0.001, ge=0, le=1)
    """… what is left of a box blacked out in faint pencil from this p_black on."""
    pressed_times: float = Field(2.5, ge=1)
    """… or `heavy_coverage`, where this is so many times as much ink inside as the case's marks have in the middle."""
    filling_marks: int = Field(3, ge=1)
    """A case with so many rather black boxes, each all there is in its item, …"""
    filling_lead: float = Field(2.0, ge=0)
    """… and this many times as many as stand beside a lighter mark of a single-choice item was marked by filling in."""
    filled_ink: float = Field(0.7, ge=0, le=1)
    """Ink that covers so much of an unsure box in a grey scan was meant, where the paper asks nobody to black out, …"""
    filled_excess: float = Field(0.35, ge=0, le=1)
    """… if it is so much darker than the blank, which neither stains nor highlighters are, …"""
    filled_beside: float = Field(0.25, ge=0)
    """… and less than this share of the box's area lies beside it."""
    alone_above: float = Field(0.8, ge=0, le=1)
    """p_marked from which an unsure box is marked where all others of a single-choice item are surely empty …"""
    alone_wide_above: float = Field(0.5, ge=0, le=1)
    """… and from which it is, in any item that takes one mark, if its ink is no dot (`small_span`)."""
    alone_beyond: float = Field(0.07, ge=0, le=1)
    """A box full of print is marked from `slight_below` on where all others of an item that takes one mark are surely
    empty, if a spot in it is so much darker than those of the page's unmarked boxes are in the middle."""
    beside_below: float = Field(0.25, ge=0, le=1)
    """p_marked up to which an unsure box is empty beside exactly one sure mark of an item that takes one."""
    weak_share: float = Field(0.25, ge=0, le=1)
    """A second mark in a single-choice item with less than this share of the strongest one's ink is doubtful."""
    weaker_share: float = Field(0.6, ge=0, le=1)
    """One with less than this share of its ink in and around the box must be surer than `unlike_below`."""
    faint_marks: int = Field(4, ge=1)
    """A page or a case with so many marks too faint to be sure of …"""
    faint_above: float = Field(0.15, ge=0, le=1)
    """… with so much p_marked that they may be marks, …"""
    faint_lead: float = Field(0.8, ge=0)
    """… and at least this many times as many as sure ones may hide marks that its scan has lost."""
    many_boxes: int = Field(20, ge=1)
    """An item with so many boxes is blank all the same where none of them shows a trace: it would have many marks.
    Nor does it take one mark (`many_items`)."""
    faintest_above: float = Field(0.002, ge=0, le=1)
    """p_marked under which nothing is hidden on a page of a grey scan, however faint."""
    hidden_above: float = Field(0.5, ge=0, le=1)
    """On a page with so many marks among print that are unsure, but rather marks (p_marked from here on), …"""
    hidden_lead: float = Field(1.5, ge=0)
    """… and this many times as many as sure ones, …"""
    hidden_times: float = Field(2, ge=0)
    """… a box full of print may hide another with this many times the p_marked that such boxes have in the middle."""
    pale_below: float = Field(0.25, ge=0, le=1)
    """Darkness (`excess`) under which most marks of a case's grey pages are by a pen that scans in black and white may
    lose: where these show fewer than `faint_marks` sure marks of the case, or than `seldom_marked` of their boxes,
    nothing on them is blank."""
    palest_below: float = Field(0.2, ge=0, le=1)
    """The same of pens so pale that the network sees little in a mark: ink of its own around a box of a grey page
    (`trace_ink`) may be one …"""
    pale_above: float = Field(0.005, ge=0, le=1)
    """… from this p_marked on."""
    hardly_marked: float = Field(0.02, ge=0, le=1)
    """Share of a return's boxes up to which so few are surely marked that black-and-white scans of several pages, which
    show traces of others (`faint_above`), have lost a pale pen …"""
    seldom_marked: float = Field(0.05, ge=0, le=1)
    """… or up to which they are, traces or not, …"""
    pressed_share: float = Field(0.75, ge=0, le=1)
    """… if so many of them may be blacked out (`heavy_above`), though little of their core is covered
    (`black_coverage`): a pen is kept where it pressed hardest."""
    asked_below: float = Field(0.995, ge=0, le=1)
    """How sure simulated returns, in which all of a case is compared, must be of a decision on our own print …"""
    settled_above: float = Field(0.998, ge=0, le=1)
    """… and from where they settle a doubt, but of second, lost and misplaced marks, and of bad print."""
    written_mm2: float = Field(1.2, ge=0)
    """Strokes in a handwriting field from which it counts as written in; a thin "1" in ballpoint has about 1.5 mm²."""
    unwritten_mm2: float = Field(0.2, ge=0)
    """Strokes and specks up to which it counts as empty; under three specks in a field over 12 mm inside are dust."""
    fit_above: float = Field(0.25, ge=-1, le=1)
    """Local agreement of scan and blank (correlation) under which a box's place is not trusted."""
    missing_above: float = Field(0.33, ge=0, le=1)
    """Share of a box's own print that is missing from which it is doubtful, where anything stirs in it: a fold may run
    through it …"""
    missing_all: float = Field(0.75, ge=0, le=1)
    """… or from which it is though nothing stirs: black and white drops half a thin frame, and leaves no trace …"""
    missing_some: float = Field(0.15, ge=0, le=1)
    """… and from which a mark must be surer than `unlike_below`: two halves of a frame look like one."""
    match_fit: float = Field(0.6, ge=0, le=1)
    """Correlation from which a damaged code may be taken for an issued one …"""
    match_lead: float = Field(0.12, ge=0, le=1)
    """… if it leads the second best by this much (bench/codes.py: the right one leads by 0.29 in the middle)."""
    same_strokes: float = Field(0.92, ge=-1, le=1)
    """Correlation of strokes from which two scans show one paper: rescans have .97 and more, other hands up to .87."""
    page_score: float = Field(0.3, ge=0, le=1)
    """Share of matched print times its correlation under which a page is not ours (unrelated pages: at most .14)."""
    page_margin: float = Field(0.08, ge=0, le=1)
    """How far the best page must beat the runner-up (sibling pages of one design reach .56) …"""
    page_lead: float = Field(0.2, ge=0, le=2)
    """… or by how much the scan must agree better with it, where the two print differently (correlations)."""
