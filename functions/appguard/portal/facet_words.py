"""What facets of the catalog and their values are called."""

from collections.abc import Mapping

from appguard.apps.facets import Facet
from appguard.apps.lifecycle import State
from appguard.apps.templates import templates
from appguard.connectors.registry import registry
from appguard.kernel.ids import ConnectorName
from appguard.kernel.levels import DataClass, RiskTier
from appguard.kernel.phrase import Phrase as _
from appguard.portal import words

LABELS: Mapping[Facet, str] = {
    Facet.STATE: _("State"),
    Facet.TIER: _("Risk"),
    Facet.TEAM: _("Team"),
    Facet.CLASS: _("Data it touches"),
    Facet.CONNECTOR: _("Connector"),
    Facet.TEMPLATE: _("Template"),
}


def label(facet: Facet, value: str) -> str:
    """A value in words; one that is not known, as it stands."""
    try:
        return _labelled(facet, value)
    except (KeyError, ValueError):
        return value


def _labelled(facet: Facet, value: str) -> str:
    match facet:
        case Facet.STATE:
            return words.STATES[State(value)].label
        case Facet.TIER:
            return words.TIERS[RiskTier(value)].label
        case Facet.CLASS:
            return words.CLASSES[DataClass(value)].label
        case Facet.CONNECTOR:
            return registry()[ConnectorName(value)].title
        case Facet.TEMPLATE:
            return templates()[value].title
        case Facet.TEAM:
            return value
