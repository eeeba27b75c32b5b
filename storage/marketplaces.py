"""Every Amazon marketplace: host, currency, languages, time zone.

Hosts, currencies and languages are those of the sites' own pages; the time zone of a marketplace
that spans several is the one in which Amazon starts its sales days there. A listing may name
another zone in the configuration.
"""

from typing import NamedTuple
from urllib.parse import urlsplit


class Marketplace(NamedTuple):
    """One marketplace. ``code`` is the end of its host, and its name everywhere else."""

    code: str
    currency: str
    """ISO 4217."""
    locales: tuple[str, ...]
    """Babel locales of the languages it is shown in, its default first."""
    time_zone: str
    """IANA name."""

    @property
    def host(self) -> str:
        return f"www.amazon.{self.code}"


MARKETPLACES = {
    m.code: m
    for m in (
        Marketplace("com", "USD", ("en_US", "es_US", "zh_CN", "zh_TW"), "America/Los_Angeles"),
        Marketplace("ca", "CAD", ("en_CA", "fr_CA"), "America/Toronto"),
        Marketplace("com.mx", "MXN", ("es_MX", "en_US"), "America/Mexico_City"),
        Marketplace("com.br", "BRL", ("pt_BR",), "America/Sao_Paulo"),
        Marketplace("co.uk", "GBP", ("en_GB",), "Europe/London"),
        Marketplace("ie", "EUR", ("en_IE",), "Europe/Dublin"),
        Marketplace("de", "EUR", ("de_DE", "en_GB", "cs_CZ", "nl_NL", "pl_PL", "tr_TR", "da_DK"), "Europe/Berlin"),
        Marketplace("fr", "EUR", ("fr_FR", "en_GB"), "Europe/Paris"),
        Marketplace("it", "EUR", ("it_IT", "en_GB"), "Europe/Rome"),
        Marketplace("es", "EUR", ("es_ES", "pt_PT", "en_GB"), "Europe/Madrid"),
        Marketplace("nl", "EUR", ("nl_NL", "en_GB"), "Europe/Amsterdam"),
        Marketplace("com.be", "EUR", ("fr_BE", "nl_BE", "en_GB"), "Europe/Brussels"),
        Marketplace("se", "SEK", ("sv_SE", "en_GB"), "Europe/Stockholm"),
        Marketplace("pl", "PLN", ("pl_PL", "en_GB"), "Europe/Warsaw"),
        Marketplace("com.tr", "TRY", ("tr_TR", "en_GB"), "Europe/Istanbul"),
        Marketplace("ae", "AED", ("en_AE", "ar_AE"), "Asia/Dubai"),
        Marketplace("sa", "SAR", ("ar_SA", "en_AE"), "Asia/Riyadh"),
        Marketplace("eg", "EGP", ("ar_EG", "en_AE"), "Africa/Cairo"),
        Marketplace(
            "in", "INR", ("en_IN", "hi_IN", "ta_IN", "te_IN", "kn_IN", "ml_IN", "bn_IN", "mr_IN"), "Asia/Kolkata"
        ),
        Marketplace("co.jp", "JPY", ("ja_JP", "en_US", "zh_CN"), "Asia/Tokyo"),
        Marketplace("com.au", "AUD", ("en_AU",), "Australia/Sydney"),
        Marketplace("sg", "SGD", ("en_SG",), "Asia/Singapore"),
        Marketplace("co.za", "ZAR", ("en_ZA",), "Africa/Johannesburg"),
    )
}


def by_host(url_or_host: str) -> Marketplace | None:
    """The marketplace of a URL or host (any amazon subdomain), or None when it is not Amazon's."""
    host = urlsplit(url_or_host).hostname if "//" in url_or_host else url_or_host.lower().strip(".")
    if not host:
        return None
    head, _, code = host.rpartition("amazon.")
    return MARKETPLACES.get(code) if not head or head.endswith(".") else None
