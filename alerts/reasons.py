"""Why a source is ill, in French: the reasons are kept as English sentences, and are translated where they are told.

A template's parts are translated in their turn; what no template fits (an error of a library, a name) stays as it is.
"""

import re
from collections.abc import Sequence
from functools import cache

from alerts.labels import NBSP

_FRENCH: tuple[tuple[str, str], ...] = (
    # sovwatch.health
    ("last read well {} ago: {}", "{1} (dernière bonne lecture il y a {0})"),
    ("never read well: {}", "{0} (jamais lue correctement)"),
    (
        "{}: its address has changed, or it refuses us",
        f"{{0}}{NBSP}: son adresse a changé, ou elle nous refuse l’accès",
    ),
    ("answers, but lists nothing any more", "répond, mais n’annonce plus rien"),
    ("answers, but never listed anything in {}", "répond, mais n’a jamais rien annoncé en {0}"),
    ("nothing new for {}, though it usually brings {}", "rien de nouveau depuis {0} (d’ordinaire {1})"),
    ("{} articles a day", "{0} articles par jour"),
    ("1 a week", "un article par semaine"),
    ("{} a week", "{0} articles par semaine"),
    ("less than a minute", "moins d’une minute"),
    ("1 minute", f"1{NBSP}minute"),
    ("1 hour", f"1{NBSP}heure"),
    ("1 day", f"1{NBSP}jour"),
    ("{} minutes", f"{{0}}{NBSP}minutes"),
    ("{} hours", f"{{0}}{NBSP}heures"),
    ("{} days", f"{{0}}{NBSP}jours"),
    ("no reason known", "raison inconnue"),
    # spiders.failures, and what its middlewares raise
    ("answered {}: {}", "a répondu {0}, {1}"),
    ("answered {}", "a répondu {0}"),
    ("leads to no address of the web", "ne mène à aucune adresse du web"),
    ("asks for payment", "demande un paiement"),
    ("asks for a password", "demande un mot de passe"),
    ("refuses us", "nous refuse l’accès"),
    ("is not there", "est introuvable"),
    ("is gone for good", "a disparu pour de bon"),
    ("asks for a pause", "demande une pause"),
    ("is withheld for legal reasons", "est retenue pour des raisons juridiques"),
    ("gave no whole answer in time", "n’a pas répondu en entier à temps"),
    ("its host cannot be found: {}", "son hôte est introuvable ({0})"),
    ("refuses connections", "refuse les connexions"),
    (
        "the proxy that crawl.resolve names for it opens no way to an https address",
        "le mandataire que nomme crawl.resolve n’ouvre pas de tunnel vers une adresse https",
    ),
    ("is bigger than crawl.max_bytes allows", "dépasse ce que permet crawl.max_bytes"),
    ("unpacks to more than crawl.max_bytes allows", "dépasse, une fois décompressée, ce que permet crawl.max_bytes"),
    ("redirects more often than crawl.max_redirects allows", "redirige plus que crawl.max_redirects ne le permet"),
    ("what answers speaks no HTTP", "ce qui répond ne parle pas HTTP"),
    ("connection failed: {}", "la connexion a échoué ({0})"),
    ("its answer broke off", "sa réponse s’est interrompue"),
    ("too many redirects", "trop de redirections"),
    ("no more is known", "on n’en sait pas plus"),
    ("{} is down", "{0} est en panne"),
    ("{} asked for a pause of {} s more", f"{{0}} a demandé une pause de {{1}}{NBSP}s encore"),
    ("{}: is not fetched", "les adresses {0} ne sont pas lues"),
    ("{} stands for {}, which is not a public address", "{0} mène à {1}, qui n’est pas une adresse publique"),
    ("{} is not a public address", "{0} n’est pas une adresse publique"),
    ("robots.txt of {} forbids it", "le robots.txt de {0} l’interdit"),
    ("robots.txt of {} cannot be had: {}", "le robots.txt de {0} ne peut être lu ({1})"),
    ("the crawl ended before it came", "la lecture a pris fin avant"),
    # what a reader says of an answer
    ("the answer is empty", "la réponse est vide"),
    ("a web page stands where a feed was", "une page web a pris la place du fil"),
    ("a web page stands where a sitemap was", "une page web a pris la place du plan du site"),
    ("not a feed: neither RSS, Atom nor JSON Feed", "n’est pas un fil (ni RSS, ni Atom, ni JSON Feed)"),
    ("not a feed: broken JSON", "n’est pas un fil (JSON défectueux)"),
    ("not a feed: JSON, but no JSON Feed", "n’est pas un fil (du JSON, mais non JSON Feed)"),
    ("not a sitemap", "n’est pas un plan de site"),
    ("not an answer of a search: broken JSON", "n’est pas la réponse d’une recherche (JSON défectueux)"),
    ("not an answer of a search", "n’est pas la réponse d’une recherche"),
    (
        "nothing on the page answers to its selectors: it has been redesigned, or needs a browser",
        "rien sur la page ne répond à ses sélecteurs, soit qu’elle ait été refaite, soit qu’elle exige un navigateur",
    ),
    ("took more than {} s of CPU time", f"a pris plus de {{0}}{NBSP}s de processeur"),
    ("cannot be read: {}", "est illisible ({0})"),
    # spiders.sources and spiders.process
    ("its configuration is wrong: {}", "sa configuration est erronée ({0})"),
    ("its spider {} failed: {}", "son robot {0} a échoué ({1})"),
    ("a bug of Sovwatch: {}", "une erreur de Sovwatch ({0})"),
    ("cut off: the crawl ended before it was read whole", "coupée avant la fin de sa lecture"),
    (
        "reading it hung the crawl's process, which was killed after {} s",
        f"sa lecture a bloqué le processus, arrêté après {{0}}{NBSP}s",
    ),
    ("reading it killed the crawl's process ({}){}", "sa lecture a tué le processus ({0}){1}"),
    ("reading it {}", "sa lecture {0}"),
    ("the crawl reached its deadline of {}", "la lecture a atteint sa limite de {0}"),
    ("the crawl ended early ({})", "la lecture a pris fin trop tôt ({0})"),
    ("the crawl's process died ({}){}", "le processus de lecture est mort ({0}){1}"),
    ("more than {} listings: the rest is not read", "plus de {0} listes, dont le reste n’est pas lu"),
    ("not read: {}", "non lue ({0})"),
)


def in_french(why: str) -> str:
    """Return a reason in French, as far as it is one of ours."""
    for english, french in _templates():
        if found := english.fullmatch(why):
            return french.format(*map(in_french, found.groups()))
    return why


@cache
def _templates() -> Sequence[tuple[re.Pattern[str], str]]:
    return [
        (re.compile("(.*?)".join(map(re.escape, english.split("{}"))), re.DOTALL), french)
        for english, french in _FRENCH
    ]
