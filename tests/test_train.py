"""Claims about training: the network that learns is the one that reads, and it does learn."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")  # of the dependency group `train`

from bench import train  # noqa: E402
from bench.tiles import Examples  # noqa: E402
from survey.reading.network import Views, logits  # noqa: E402


def drawn(count: int) -> Examples:
    """Boxes half of which hold a bar; a thick one blacks the box out."""
    rng = np.random.default_rng(1)
    views = rng.integers(0, 30, (count, 4, 30, 30)).astype(np.uint8)
    meant = (np.arange(count) % 2).astype(np.float32)
    thick = (np.arange(count) // 2 % 2).astype(np.float32)
    for view, mark, much in zip(views, meant, thick, strict=True):
        view[0, 15 - int(2 + 6 * much) : 16, 8:22] += np.uint8(200 * mark)
    return Examples(views, meant, np.where(meant > 0, thick, np.nan).astype(np.float32))


def test_the_trained_layers_read_in_numpy_as_they_do_in_torch() -> None:
    torch.manual_seed(2)
    net, examples = train.Network(), drawn(20)
    scaled = (
        examples.views.astype(np.float32) / 255 * 40
    )  # so far from nought that nothing is looked at twice
    with torch.no_grad():
        wanted = net(torch.from_numpy(scaled)).numpy()
    found = logits(Views(*scaled.transpose(1, 0, 2, 3)), net.layers())
    sure = (np.abs(wanted) > 4).all(axis=1)
    assert sure.any()
    assert np.allclose(found[sure], wanted[sure], rtol=1e-3, atol=1e-3)


def test_the_network_learns_what_is_shown_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train, "EPOCHS", 6)
    monkeypatch.setattr(train, "WARM_UP", 10)
    examples = drawn(1280)
    raw = train.look(examples, train.train(examples, 1).layers())
    assert ((raw[:, 0] > 0) == (examples.meant > 0.5)).mean() > 0.99
    asked = ~np.isnan(examples.black)
    assert ((raw[asked, 1] > 0) == (examples.black[asked] > 0.5)).mean() > 0.95
