"""Relevance on coverage invented for these tests: what is on topic, whose a theme is, main subject or mention."""

import re
import time
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovwatch.errors import ConfigurationError
from sovwatch.evidence import NEAR
from sovwatch.model import Verdict
from sovwatch.relevance import MAX_WORDS, Topic, might_matter, relevance
from sovwatch.settings import LISTS, Weights
from tests.topics import FILE, SHIPPED, TABLES, topics_of

ALBERTA, QUEBEC = SHIPPED["alberta"], SHIPPED["quebec"]


def judge(topic: Topic, title: str, text: str = "", summary: str = "") -> Verdict:
    return relevance(title, summary, text, topic)


ON_ALBERTA = [
    ("Separatists fill a curling rink in Lethbridge", "Four hundred people came to hear why they should go it alone."),
    ("Poll: one Albertan in five would vote to leave Canada", "The survey by Prairie Pulse asked 1,204 adults."),
    ("Judge sets hearing date", "The court in Edmonton will hear whether a vote on secession offends the treaties."),
    ("L'indépendance de l'Alberta devant les tribunaux", "La juge entendra les parties lundi."),
    ("Les séparatistes albertains veulent 178 000 noms", "La collecte commence samedi à Red Deer."),
    ("Une Alberta indépendante? « Jamais », dit la cheffe", "Elle répondait à une question à Calgary."),
    ("Wexit is back, under another name", "The founder says the party never went away."),
    ("Forever Canadian volunteers fan out", "Canvassers with clipboards stood outside the arena all weekend."),
    ("Stay Free Alberta opens an office", "Volunteers will count sheets there until May."),
    ("Town hall grows heated", "Albertans who want to separate from Canada faced those who don't, in a packed gym."),
    ("Doit-on rejoindre les États-Unis? Des Albertains y songent", "Ils rêvent de quitter le Canada."),
    ("Treaty chiefs: no separation without us", "Chiefs from across Alberta said so in Calgary."),
    ("Sondage : 7 Albertains sur 10 choisissent Ottawa", "Les Albertains tiennent à demeurer au sein du Canada."),
]

ON_QUEBEC = [
    ("Le PQ promet un référendum d'ici 2030", "Le chef péquiste l'a répété devant 600 militants."),
    ("Appui à la souveraineté : 37 % des Québécois diraient oui", "Le sondage a été mené en ligne."),
    ("Trente ans après le référendum de 1995", "Des témoins des deux camps se souviennent."),
    ("Québec : un pays d'ici dix ans?", "Les indépendantistes réunis à Sherbrooke le croient."),
    ("Le Bloc veut faire l'indépendance, dit son chef", "M. Blanchet parlait à Rimouski."),
    ("PQ leader pledges third referendum", "He told delegates that Quebec cannot wait."),
    ("Support for sovereignty stalls in Quebec", "The PQ leads all the same."),
    ("Would a sovereign Quebec keep the dollar?", "Economists disagree on what independence would cost."),
    ("The No side remembers", "Quebec federalists gathered in Montreal to mark the 1995 vote on independence."),
    ("La loi sur la clarté a 25 ans", "Elle fixe les règles d'une éventuelle sécession du Québec."),
    ("Souverainistes et fédéralistes croisent le fer", "Le débat a duré deux heures."),
]

OFF_TOPIC = [
    ("Alberta premier signs pipeline deal", "Danielle Smith called it a good day for Alberta."),
    ("Alberta invokes its sovereignty act", "The motion says that Alberta will not enforce the clean power rules."),
    (
        "La loi sur la souveraineté de l'Alberta dans un Canada uni invoquée",
        "Le gouvernement vise le plafond d'émissions.",
    ),
    ("Calgary couple's separation ends in court", "Their divorce dragged on for years; she moved to Edmonton."),
    ("Watchdog fears for independence of the judiciary in Alberta", "Judges should not be paid by whim, she said."),
    ("Catalan separatists march in Barcelona", "Half a million people came, police said."),
    ("Scotland's first minister promises another independence referendum", "The SNP would need a majority."),
    ("La Nouvelle-Calédonie vote sur l'indépendance", "Les indépendantistes kanaks contestent le scrutin."),
    ("Texas lawmaker wants vote on secession", "A rancher from Alberta flew in to watch."),
    ("Kurdish vote: Quebec aid group stays", "Iraq's Kurds vote on independence on Monday."),
    ("Québec mise sur la souveraineté numérique", "Les données de l'État seront hébergées au Québec."),
    ("La souveraineté alimentaire au menu à Saguenay", "Le ministre veut des serres ouvertes toute l'année."),
    ("Carney promises to defend Canadian sovereignty in the Arctic", "Two bases will be built in Nunavut."),
    ("Trump says Canada should be the 51st state", "Markets in Montreal and Calgary shrugged."),
    ("Le PQ réclame une enquête sur les urgences", "Le Parti québécois déplore l'attente à Laval."),
    ("Bloc wants more for dairy farmers", "The Bloc Québécois leader spoke in Saint-Hyacinthe about Quebec milk."),
    ("Partielle : le PQ gagne le comté", "Le candidat péquiste devance la CAQ par 900 voix."),
    ("Feux de forêt : Québec demande l'aide de l'armée", "Le Canadien a joué quand même à Montréal."),
    ("Référendum municipal sur le règlement de zonage à Gatineau", "Les citoyens du Québec voteront dimanche."),
    ("Alberta to leave Canada Pension Plan? Not yet", "Danielle Smith wants a number first."),
    (
        "Legault brandit un référendum sectoriel en immigration",
        "Le PQ l'y presse : Ottawa garde ses pouvoirs au Québec.",
    ),
    ("Grand chief stands by treaties", "The Free Alberta Strategy is a paper of two lawyers, he said in Edmonton."),
    ("Flames win on a breakaway", "Calgary beat Montreal 3-2; the Canadiens were never out of it."),
]


@pytest.mark.parametrize(("title", "text"), ON_ALBERTA)
def test_alberta_separation_is_on_topic(title: str, text: str) -> None:
    assert judge(ALBERTA, title, text).relevant


@pytest.mark.parametrize(("title", "text"), ON_QUEBEC)
def test_quebec_sovereignty_is_on_topic(title: str, text: str) -> None:
    assert judge(QUEBEC, title, text).relevant


@pytest.mark.parametrize(("title", "text"), OFF_TOPIC)
def test_the_same_vocabulary_elsewhere_is_not(title: str, text: str) -> None:
    verdicts = [judge(topic, title, text) for topic in (ALBERTA, QUEBEC)]
    assert [verdict.reasons for verdict in verdicts if verdict.relevant] == []


def test_a_theme_belongs_to_the_nearest_place() -> None:
    title = "Quebec separatists look at Alberta's pipelines"
    assert judge(QUEBEC, title).centrality == "main"
    assert not judge(ALBERTA, title).relevant


def test_two_places_said_in_one_breath_share_a_theme() -> None:
    for title in ("Alberta and Quebec separatism compared", "Ni l'Alberta ni le Québec ne veulent la séparation"):
        assert {judge(topic, title).centrality for topic in (ALBERTA, QUEBEC)} == {"main"}


def test_a_party_alone_is_no_evidence_but_makes_a_theme_its_own() -> None:
    party = judge(QUEBEC, "Le Parti québécois choisit sa candidate", "Elle veut de meilleurs hôpitaux.")
    country = judge(QUEBEC, "Le Parti québécois choisit sa candidate", "Elle veut faire l'indépendance.")
    assert (party.centrality, party.score) == (None, 0.0)
    assert country.relevant


def test_a_line_deep_in_a_long_article_is_a_passing_mention() -> None:
    filler = "\n".join(f"The minister visited bridge number {number} and praised its steel." for number in range(40))
    deep = judge(ALBERTA, "Bridges need care", f"{filler}\nSome Alberta separatists heckled him.\n{filler}")
    assert deep.centrality == "mention"
    assert judge(ALBERTA, "Alberta separatists heckle minister", filler).centrality == "main"


def test_a_headline_that_gives_the_theme_to_others_leaves_a_mention_at_most() -> None:
    text = "Alberta separatists sent two observers. Alberta's independence movement is younger."
    assert judge(ALBERTA, "Scotland's independence campaign begins", text).centrality == "mention"


def test_a_headline_about_another_matter_leaves_nothing_to_loose_words() -> None:
    title, text = "Separation and divorce: what to expect", "Separation in Alberta is no easy step."
    assert not judge(ALBERTA, title.replace("divorce", "divorce papers"), text).relevant
    assert judge(ALBERTA, title.replace("divorce", "divorce papers"), f"{text} So say secessionists.").relevant
    assert judge(QUEBEC, "Alberta weighs independence", "It looks to Quebec, whose independence is old news.").relevant


def test_a_summary_counts_as_the_lede_and_a_repeated_one_counts_once() -> None:
    lede = "Albertans who want to leave Canada met in Red Deer."
    alone, twice = judge(ALBERTA, "A full hall", summary=lede), judge(ALBERTA, "A full hall", lede, summary=lede)
    assert alone.relevant
    assert alone.score == twice.score


def test_reasons_name_the_rule_and_the_words_of_the_text() -> None:
    verdict = judge(ALBERTA, "Alberta’s séparatistes march", "")
    assert [(reason.rule, reason.words) for reason in verdict.reasons] == [
        ("headline: theme with place", "séparatistes + Alberta")
    ]
    assert verdict.reasons[0].weight == pytest.approx(verdict.score)


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Un débat sur l’indépendance au Québec", "débat sur l’indépendance + Québec"),
        ("U.S. House’s note: un débat sur l'inde\u0301pendance au Que\u0301bec", "débat sur l'indépendance + Québec"),
        ("De la souveraineté-association", "souveraineté-association"),
        ("Quebec’s independence, Quebec's sovereignty", "independence + Quebec"),
    ],
)
def test_reasons_show_the_words_as_the_text_writes_them(title: str, shown: str) -> None:
    assert [reason.words for reason in judge(QUEBEC, title, "").reasons] == [shown]


def test_reasons_show_the_words_of_an_endless_sentence_too() -> None:
    title = "word " * (MAX_WORDS + 10) + "un débat sur l’indépendance au Québec"
    assert [reason.words for reason in judge(QUEBEC, title, "").reasons] == ["débat sur l’indépendance + Québec"]


@pytest.mark.parametrize(
    "title",
    [
        "L’INDÉPENDANCE DE L’ALBERTA",
        "l'independance de l'alberta",
        "L'inde\u0301pendance de l'Alberta",
        "Alberta—independence",
        "Anti-separatist Albertans",
        "Albertaines indépendantistes",
        "Alberta's secessionists",
    ],
)
def test_case_accents_elision_hyphens_and_inflection_do_not_matter(title: str) -> None:
    assert judge(ALBERTA, title).centrality == "main"


def test_a_term_in_capitals_is_found_in_capitals_only() -> None:
    assert judge(ALBERTA, "APP wants a referendum").relevant
    assert not judge(ALBERTA, "New app wants a referendum on lunch").relevant


def test_what_a_topic_has_as_its_own_is_not_elsewhere_because_another_says_so() -> None:
    own = {"name": "X", "places": ["Hartwell"], "idioms": ["hartwellian"]}
    both = topics_of(
        {"x": own, "y": {"name": "Y", "places": ["Hartwell"], "themes": ["rye"], "elsewhere": ["hartwellian"]}}
    )
    assert judge(both["x"], "Hartwellian fever").centrality == "main"
    assert judge(both["y"], "Rye fever in Hartwell").centrality == "main"


def test_short_words_have_no_endings() -> None:
    topic = topics_of({"x": {"name": "X", "names": ["oui", "pays"]}})["x"]
    assert judge(topic, "Le camp du oui gagne").relevant
    assert judge(topic, "Deux payse").relevant
    assert not judge(topic, "Il a perdu l'ouïe").relevant


def test_a_theme_far_from_its_place_counts_as_carried() -> None:
    weights = [judge(ALBERTA, f"Separatists {'very ' * words}Alberta").reasons[0].weight for words in (NEAR, NEAR + 1)]
    assert weights == [ALBERTA.weights.theme, ALBERTA.weights.carried]


def test_words_may_stand_between_the_parts_of_a_term_where_it_says_so() -> None:
    topic = topics_of({"x": {"name": "X", "places": ["Alberta"], "themes": ["take|taking ... out of canada"]}})["x"]
    assert judge(topic, "Taking Alberta out of Canada").centrality == "main"
    assert judge(topic, "Taking its people and Alberta out of Canada").centrality == "main"
    assert not judge(topic, "Taking the bus that leaves for Alberta every day out of Canada").relevant
    assert not judge(topic, "Out of Canada: taking Alberta").relevant


def test_a_loose_word_needs_its_place_in_the_sentence_or_company_in_the_text() -> None:
    title, text = "Watchdog fears for its independence", "The office in Edmonton has nine lawyers."
    assert not judge(ALBERTA, title, text).relevant
    assert judge(ALBERTA, "Alberta weighs independence").centrality == "main"
    assert judge(ALBERTA, title, f"{text} It had annoyed separatists.").relevant


def test_an_actor_anywhere_in_the_text_raises_a_hint() -> None:
    title = "Référendum : ils ne sont pas pressés"
    assert not judge(QUEBEC, title, "Les citoyens de Lévis ont le temps.").relevant
    assert judge(QUEBEC, title, "Les partisans du PQ ont le temps.").relevant


def test_a_longer_theme_does_not_hide_a_name() -> None:
    tables = {"x": {"name": "X", "names": ["Wexit"], "themes": ["vote ... canada"]}}
    assert judge(topics_of(tables)["x"], "Vote Wexit, leave Canada").score == pytest.approx(0.9)


def test_signals_need_their_words_in_one_sentence_and_none_that_forbid_them() -> None:
    ruled = "Judge rules Alberta separation question out of order"
    might = "Judge could rule on Alberta separation question; parties asked what if she ruled it out"
    assert judge(ALBERTA, ruled).signals == ("court decision",)
    assert judge(ALBERTA, might).signals == ()
    assert judge(ALBERTA, "Judge rules on parking in Calgary").signals == ()


def test_a_signal_that_only_the_second_sentence_retells_is_none() -> None:
    title, first = "Mayors want calm in the separation debate", "Two Alberta mayors asked on Friday for calm."
    ruled = "A judge ruled last week that Alberta's petition on separation breaches treaties."
    assert judge(ALBERTA, title, f"{first} {ruled}").signals == ()
    assert judge(ALBERTA, title, f"{ruled} {first}").signals == ("court decision",)


def test_a_petition_verified_is_signalled_in_french() -> None:
    title = "Alberta : la pétition pour l'indépendance est certifiée, les signatures sont vérifiées"
    assert judge(ALBERTA, title).signals == ("petition",)


def test_a_referendum_that_everybody_knows_of_and_a_finding_of_no_court_are_no_signals() -> None:
    known = "L'Alberta, qui tiendra un référendum sur l'indépendance le 19 octobre, embauche des scrutateurs"
    notice = "Québec : un député dépose un projet de loi qui exige un préavis de 18 mois avant tout référendum"
    found = "Elections Alberta found doubtful names before court stopped the check of the independence petition"
    assert judge(ALBERTA, known).signals == judge(QUEBEC, notice).signals == judge(ALBERTA, found).signals == ()
    called = "Smith annonce un référendum sur la séparation de l'Alberta"
    assert judge(ALBERTA, called).signals == ("referendum called",)
    assert judge(ALBERTA, "Alberta court has found the separation petition void").signals == ("court decision",)


def test_to_make_the_country_is_said_of_quebec() -> None:
    assert judge(QUEBEC, "Elle quitte la CAQ pour le PQ afin de « faire le pays »").centrality == "main"


def test_might_matter_asks_for_a_term_not_for_a_place() -> None:
    topics = tuple(SHIPPED.values())
    assert might_matter("Judge blocks referendum question", "", topics)
    assert might_matter("Rath on the line", "", topics)
    assert might_matter("Ce soir", "Les péquistes se réunissent.", topics)
    assert not might_matter("Alberta crops suffer", "Farmers near Calgary pray for rain.", topics)


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=2000))
def test_any_text_gets_a_score_between_0_and_1_that_agrees_with_its_centrality(
    title: str, summary: str, text: str
) -> None:
    for topic in SHIPPED.values():
        verdict = relevance(title, summary, text, topic)
        assert 0 <= verdict.score <= 1
        assert verdict.relevant == (verdict.score >= topic.weights.mention)
        assert not verdict.relevant or verdict.reasons


@given(st.sampled_from(ON_ALBERTA + ON_QUEBEC + OFF_TOPIC), st.sampled_from(ON_ALBERTA))
def test_a_further_sentence_on_the_topic_in_the_lede_never_lowers_the_score(
    piece: tuple[str, str], more: tuple[str, str]
) -> None:
    less = judge(ALBERTA, piece[0], summary="")
    assert judge(ALBERTA, piece[0], summary=more[1]).score >= less.score


def test_whatever_is_not_a_letter_or_digit_changes_nothing() -> None:
    plain = judge(QUEBEC, "Le PQ promet un référendum", "La souveraineté du Québec est en jeu.")
    noisy = judge(QUEBEC, "Le « PQ » promet un référendum !", "La souveraineté du Québec, est en jeu…")
    assert noisy.score == plain.score


def test_a_book_or_a_text_without_sentences_is_judged_by_its_beginning() -> None:
    start = time.process_time()
    for text in (
        "Alberta separatists want independence. " * 50_000,
        "alberta separatist quebec " * 80_000,
        "a" * 3_000_000,
    ):
        judge(ALBERTA, "A very long read", text)
    assert time.process_time() - start < 5


def test_a_topic_may_match_everything() -> None:
    everything = topics_of({"all": {"name": "Everything", "match": "all"}})["all"]
    verdict = judge(everything, "Cats")
    assert (verdict.score, verdict.centrality) == (1.0, "main")
    assert might_matter("Cats", "", [everything])


DOCUMENT = (FILE.parent.parent / "docs" / "topics.md").read_text(encoding="utf-8")
SCOTLAND: dict[str, Any] = tomllib.loads(DOCUMENT.split("```toml")[1].split("```")[0])["scotland"]


def test_the_document_tells_the_lists_and_the_weights_as_they_are() -> None:
    for name in (*LISTS, *Weights.model_fields):
        assert f"| `{name}` |" in DOCUMENT
    shown = {name: float(value) for name, value in re.findall(r"^\| `(\w+)` \| (1|\.\d+) \|", DOCUMENT, re.MULTILINE)}
    assert shown == Weights().model_dump()


def test_a_third_topic_is_added_by_configuration_alone() -> None:
    topics = topics_of({**TABLES, "scotland": SCOTLAND})
    scotland = topics["scotland"]
    for title in (
        "Swinney sets out road to independence",
        "L'Écosse veut un vote sur l'indépendance",
        "Indyref2 is off",
        "Scots would leave the UK by 2030",
        "A vote for Scotland to leave the United Kingdom",
    ):
        assert judge(scotland, title).centrality == "main"
        assert not any(judge(topics[other], title).relevant for other in ("alberta", "quebec"))
    for title, _ in ON_ALBERTA + ON_QUEBEC:
        assert not judge(scotland, title).relevant
    assert judge(topics["alberta"], "Alberta separatists look to Scotland").centrality == "main"


def test_a_new_topic_takes_its_places_away_from_the_others() -> None:
    atlantis = {"name": "Atlantis", "places": ["Atlantis"], "themes": ["secession", "independence"]}
    title, text = "The road to secession", "Atlantis looks to Alberta for oil."
    alone, beside = topics_of({"alberta": TABLES["alberta"]}), topics_of({**TABLES, "atlantis": atlantis})
    assert judge(alone["alberta"], title, text).relevant
    assert judge(beside["atlantis"], "Independence for Atlantis, not for Alberta oil").centrality == "main"
    assert not judge(beside["alberta"], "Independence for Atlantis, not for Alberta oil").relevant


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"name": "X", "places": ["Y"]}, r"topics.toml \[x\]: .* matches nothing"),
        ({"name": "X", "names": ["leave ..."]}, "'leave ...': ... stands between two words"),
        ({"name": "X", "names": ["... canada"]}, "'... canada': ... stands between two words"),
        ({"name": "X", "names": ["y"], "in_french": {"nme": "Z"}}, "unknown key 'in_french.nme'; did you mean 'name'?"),
        ({"name": "X", "themes": ["..."]}, "no word"),
        ({"name": "X", "themes": ["se*"]}, "three letters"),
        ({"name": "X", "themes": ["word"], "weights": {"mention": 0.7}}, "mention is above"),
        ({"name": "X", "themes": ["word"], "signals": {"s": ["word + !"]}}, "no word"),
    ],
)
def test_a_wrong_profile_is_one_clear_sentence(table: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        topics_of({"x": table})
