"""Dashboards and their panels in few words, on the builders of grafana-foundation-sdk."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from grafana_foundation_sdk.builders import common as options
from grafana_foundation_sdk.builders import dashboard as sdk
from grafana_foundation_sdk.builders import prometheus, stat, table, timeseries
from grafana_foundation_sdk.models import common, dashboard
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

Builder = stat.Panel | table.Panel | timeseries.Panel
SomePanel = TypeVar("SomePanel", stat.Panel, table.Panel, timeseries.Panel)

# Thanos Query: the one default datasource, under the uid that the role grafana gives it.
DATASOURCE = common.DataSourceRef(type_val="prometheus", uid="thanos")
TAG = "longterm-metrics"
# The groups that dashboards link to each other by: tag -> name.
GROUPS = {"kubernetes": "Kubernetes", "monitoring": "Monitoring", "thanos": "Thanos", "network": "Network"}

WIDTH = 24
HEIGHTS = {"number": 4, "graph": 8, "table": 9}
COLOURS = ("green", "orange", "red")


@dataclass(frozen=True)
class Panel:
    """A panel to be; `build` takes its width on the grid."""

    title: str
    kind: str
    build: Callable[[int], Builder]


@dataclass(frozen=True)
class Board:
    """A dashboard: `rows` maps a heading to its panels."""

    title: str
    description: str
    group: str
    rows: Mapping[str, Sequence[Panel]]
    variables: Sequence[sdk.QueryVariable] = field(default_factory=tuple)

    def build(self, subject: str) -> dashboard.Dashboard:
        made = (
            sdk.Dashboard(self.title)
            .uid(uid(subject))
            .description(self.description)
            .tags([TAG, self.group])
            .timezone("browser")
            .time("now-3h", "now")
            .refresh("1m")
            .tooltip(dashboard.DashboardCursorSync.CROSSHAIR)
            .editable()
            .links([_dropdown(tag, name) for tag, name in GROUPS.items()])
            .variables([variable("cluster", "up", several=False), *self.variables])
        )
        identity, top = 0, 0
        for heading, panels in self.rows.items():
            identity += 1
            made.with_row(sdk.Row(heading).id(identity).grid_pos(dashboard.GridPos(h=1, w=WIDTH, x=0, y=top)))
            top += 1
            for line in _lines(panels):
                left, height = 0, HEIGHTS[line[0].kind]
                for position, panel in enumerate(line):
                    identity += 1
                    width = WIDTH * (position + 1) // len(line) - left
                    place = dashboard.GridPos(h=height, w=width, x=left, y=top)
                    made.with_panel(panel.build(width).id(identity).grid_pos(place))
                    left += width
                top += height
        board = made.build()
        for link in board.links or []:
            # The SDK would hide the links in a menu.
            link.placement = None  # type: ignore[assignment]
        return board


def uid(subject: str) -> str:
    return f"longterm-{subject.replace('_', '-')}"


def variable(name: str, selector: str, *, label: str = "", several: bool = True) -> sdk.QueryVariable:
    """A variable with the values that the label (by default of the variable's name) has in these series."""
    query = f"label_values({selector}, {label or name})"
    made = (
        sdk.QueryVariable(name)
        .label(name.replace("_", " ").capitalize())
        .datasource(DATASOURCE)
        .query({"query": query, "refId": name})
        .definition(query)
        .refresh(dashboard.VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(dashboard.VariableSort.ALPHABETICAL_ASC)
    )
    return made.multi(True).include_all(True).all_value(".*") if several else made


def graph(
    title: str,
    description: str,
    unit: str,
    queries: Mapping[str, str],
    *,
    stacked: bool = False,
    limit: float | None = None,
    lowest: float | None = 0,
    highest: float | None = None,
) -> Panel:
    """A time series panel; `queries` maps a legend to its expression, `limit` is drawn as a line."""

    def build(width: int) -> Builder:
        legend = options.VizLegendOptions().show_legend(True).calcs(["mean", "lastNotNull"] if width >= WIDTH // 2 else [])
        # A table of values needs room; under a narrow graph the names are all that fits.
        if width >= WIDTH // 2:
            legend = legend.display_mode(common.LegendDisplayMode.TABLE).placement(common.LegendPlacement.RIGHT)
            legend = legend.sort_by("Last *").sort_desc(True)
        else:
            legend = legend.display_mode(common.LegendDisplayMode.LIST).placement(common.LegendPlacement.BOTTOM)
        panel = _described(timeseries.Panel(), title, description, unit).legend(legend)
        panel.tooltip(options.VizTooltipOptions().mode(common.TooltipDisplayMode.MULTI).sort(common.SortOrder.DESCENDING))
        panel.fill_opacity(40 if stacked else 8).line_width(1).show_points(common.VisibilityMode.NEVER)
        if stacked:
            panel.stacking(options.StackingConfig().mode(common.StackingMode.NORMAL).group("A"))
        if lowest is not None:
            panel.min(lowest)
        if highest is not None:
            panel.max(highest)
        if limit is not None:
            panel.thresholds(_thresholds([limit], ("transparent", "red")))
            panel.thresholds_style(options.GraphThresholdsStyleConfig().mode(common.GraphThresholdsStyleMode.DASHED))
        for reference, (name, expression) in zip(_references(), queries.items(), strict=False):
            panel.with_target(_query(reference, expression).range().legend_format(name))
        return panel

    return Panel(title, "graph", build)


def number(
    title: str, description: str, unit: str, expression: str, *, thresholds: Sequence[float] = (), falling: bool = False
) -> Panel:
    """A stat panel of one number now; `thresholds` turn it orange and red, or from red to green when `falling` is bad."""

    def build(_width: int) -> Builder:
        panel = _described(stat.Panel(), title, description, unit)
        colours = COLOURS[:: -1 if falling else 1] if len(thresholds) == 2 else ("red", "green") if falling else ("green", "red")
        panel.thresholds(_thresholds(thresholds, colours if thresholds else ("text",)))
        panel.graph_mode(common.BigValueGraphMode.NONE).color_mode(common.BigValueColorMode.VALUE)
        panel.reduce_options(options.ReduceDataOptions().calcs(["lastNotNull"]))
        return panel.with_target(_query("A", expression).instant())

    return Panel(title, "number", build)


def rows_of(
    title: str,
    description: str,
    labels: Mapping[str, str],
    columns: Mapping[str, tuple[str, str]],
    *,
    links: Mapping[str, str] | None = None,
) -> Panel:
    """A table: `labels` maps labels to headings, `columns` headings to unit and expression, `links` labels to subjects.

    All expressions are by the same labels; the first column says how the rows are sorted.
    """

    def build(_width: int) -> Builder:
        first = next(iter(columns))
        panel = _described(table.Panel(), title, description, "short")
        panel.sort_by([options.TableSortByFieldState().display_name(first).desc(True)])
        names = dict(labels)
        for reference, (heading, (unit, expression)) in zip(_references(), columns.items(), strict=False):
            panel.with_target(_query(reference, expression).instant().format(PromQueryFormat.TABLE))
            panel.override_by_name(heading, [dashboard.DynamicConfigValue("unit", unit)])
            # Grafana calls a lone column Value.
            names[f"Value #{reference}" if len(columns) > 1 else "Value"] = heading
        for label, subject in (links or {}).items():
            url = f"/d/{uid(subject)}?var-cluster=${{cluster}}&var-{label}=${{__value.raw}}"
            link = {"title": f"Dashboard of this {label}", "url": url}
            panel.override_by_name(labels[label], [dashboard.DynamicConfigValue("links", [link])])
        order = {name: position for position, name in enumerate(names)}
        panel.with_transformation(dashboard.DataTransformerConfig("merge", options={}))
        arranged = {"excludeByName": {"Time": True}, "indexByName": order, "renameByName": names}
        return panel.with_transformation(dashboard.DataTransformerConfig("organize", options=arranged))

    return Panel(title, "table", build)


def _described(panel: SomePanel, title: str, description: str, unit: str) -> SomePanel:
    return panel.title(title).description(description).unit(unit).datasource(DATASOURCE)


def _query(reference: str, expression: str) -> prometheus.Dataquery:
    return prometheus.Dataquery().ref_id(reference).expr(expression).datasource(DATASOURCE)


def _references() -> str:
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _thresholds(values: Sequence[float], colours: Sequence[str]) -> sdk.ThresholdsConfig:
    steps = [dashboard.Threshold(value, colour) for value, colour in zip((None, *values), colours, strict=True)]
    return sdk.ThresholdsConfig().mode(dashboard.ThresholdsMode.ABSOLUTE).steps(steps)


def _dropdown(tag: str, name: str) -> sdk.DashboardLink:
    link = sdk.DashboardLink(name).type(dashboard.DashboardLinkType.DASHBOARDS).tags([TAG, tag])
    return link.as_dropdown(True).include_vars(True).keep_time(True)


def _lines(panels: Sequence[Panel]) -> Iterator[list[Panel]]:
    """Numbers share one line, graphs stand three or two in a line, a table has its own."""
    for kind, group in itertools.groupby(panels, lambda panel: panel.kind):
        run = list(group)
        lines = {"number": 1, "graph": math.ceil(len(run) / 3), "table": len(run)}[kind]
        for line in range(lines):
            yield run[math.ceil(line * len(run) / lines) : math.ceil((line + 1) * len(run) / lines)]
