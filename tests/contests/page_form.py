"""What a browser would send: the fields of a form on a page, to change and post again."""

from werkzeug.datastructures import MultiDict

from tests.support import tree_of


def fields(html: str, form_id: str = "editor") -> MultiDict:
    tree = tree_of(html)
    form = next(node for node in tree.iter("form") if node.get("id") == form_id)
    found = MultiDict()
    for node in form.iter():
        name = node.get("name")
        if not name or node.tag not in ("input", "select", "textarea"):
            continue
        if node.tag == "select":
            options = list(node.iter("option"))
            chosen = next((option for option in options if option.get("selected") is not None), options[0] if options else None)
            if chosen is not None:
                found.add(name, chosen.get("value", ""))
        elif node.tag == "textarea":
            found.add(name, (node.text or "").removeprefix("\n"))
        elif node.get("type") != "checkbox" or node.get("checked") is not None:
            found.add(name, node.get("value", "y" if node.get("type") == "checkbox" else ""))
    return found


def key_of(form: MultiDict, name: str, value: str) -> str:
    """The key of the row whose field `name` holds `value`: c5 for c5-name=评分项1."""
    return next(field.removesuffix(f"-{name}") for field, given in form.items(multi=True) if given == value and field.endswith(f"-{name}"))
