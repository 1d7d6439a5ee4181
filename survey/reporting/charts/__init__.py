"""Rows of ESTIMATES in readers' words -> charts as SVG with computed alt texts, the same bytes every time.

Everything is drawn in millimetres from the top left, so that type and lines have the same size in every chart.
"""

from __future__ import annotations

from survey.reporting.charts.bars import bar_chart as bar_chart
from survey.reporting.charts.bars import combination_chart as combination_chart
from survey.reporting.charts.bars import dot_plot as dot_plot
from survey.reporting.charts.grids import heat_map as heat_map
from survey.reporting.charts.grids import segment_colours as segment_colours
from survey.reporting.charts.grids import stacked_bars as stacked_bars
from survey.reporting.charts.panels import Filled as Filled
from survey.reporting.charts.panels import Panel as Panel
from survey.reporting.charts.panels import facsimile_page as facsimile_page
from survey.reporting.charts.panels import panels_chart as panels_chart
from survey.reporting.charts.parts import ACCENTS as ACCENTS
from survey.reporting.charts.parts import FULL_MM as FULL_MM
from survey.reporting.charts.parts import HALF_MM as HALF_MM
from survey.reporting.charts.parts import Bar as Bar
from survey.reporting.charts.parts import Chart as Chart
from survey.reporting.charts.parts import ChartTable as ChartTable
from survey.reporting.charts.parts import Combination as Combination
from survey.reporting.charts.parts import Frame as Frame
from survey.reporting.charts.parts import Heat as Heat
from survey.reporting.charts.parts import Stack as Stack
from survey.reporting.charts.parts import accent_of as accent_of
from survey.reporting.charts.paths import Flow as Flow
from survey.reporting.charts.paths import Slope as Slope
from survey.reporting.charts.paths import flow_chart as flow_chart
from survey.reporting.charts.paths import return_curve as return_curve
from survey.reporting.charts.paths import slope_chart as slope_chart
