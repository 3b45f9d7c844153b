"""What a digest counts, in English and French: one of it, and many."""

PLURALS = {
    "en": {
        "story": ("story", "stories"),
        "update": ("update", "updates"),
        "older": ("older story", "older stories"),
        "outlet": ("", "outlets"),
        "other": ("more", "more"),
        "reprint": ("reprint", "reprints"),
        "read": ("article read", "articles read"),
        "on topic": ("on topic", "on topic"),
        "unjudged": ("not judged yet", "not judged yet"),
        "copy": ("copy folded", "copies folded"),
        "repeat": ("repeat held back", "repeats held back"),
        "waiting": ("waiting", "waiting"),
        "unread": ("source could not be read", "sources could not be read"),
    },
    "fr": {
        "story": ("nouvelle", "nouvelles"),
        "update": ("suite", "suites"),
        "older": ("nouvelle antérieure", "nouvelles antérieures"),
        "outlet": ("", "médias"),
        "other": ("autre", "autres"),
        "reprint": ("reprise", "reprises"),
        "read": ("article lu", "articles lus"),
        "on topic": ("sur le sujet", "sur le sujet"),
        "unjudged": ("pas encore jugé", "pas encore jugés"),
        "copy": ("reprise regroupée", "reprises regroupées"),
        "repeat": ("redite écartée", "redites écartées"),
        "waiting": ("en attente", "en attente"),
        "unread": ("source n’a pu être lue", "sources n’ont pu être lues"),
    },
}
