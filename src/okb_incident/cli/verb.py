"""Declaring a verb: the words and options of its command line become one call, and what it returns is printed.

    @writing("contain", AT, CORRECT)
    def contain(call: Call) -> ChangedIncident:
        \"\"\"Say that it spreads no further; the status stays.\"\"\"

The docstring is the help of the command, parameters after the call are options of its own, and the table of commands says which
words it takes.
"""

from __future__ import annotations

from inspect import Parameter, Signature, cleandoc
from typing import TYPE_CHECKING, Annotated, Any

import typer

from okb_incident.cli.answers import show
from okb_incident.cli.command_help import HelpfulCommand, HelpfulGroup
from okb_incident.cli.options import AT, CONFIRM, DRY_RUN, INCIDENT, JSON, READ_REFERENCE, REFERENCE, WHO, WORDS
from okb_incident.cli.run import person, start
from okb_incident.cli.shapes import WRITTEN_INCIDENT
from okb_incident.cli.table import BY_NAME, is_group, usage_of
from okb_incident.errors import BusyError, MissingWordError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from okb_incident.cli.options import Option, WordsHelp
    from okb_incident.cli.run import RunOptions
    from okb_incident.workflow.call import Call

#: What adds the commands that have been imported so far to an app, by the first word of their names.
DECLARED: dict[str, list[Callable[[typer.Typer], None]]] = {}

#: What each command prints with --json: a shape, or the fields of its listing. docs/schemas is made from it.
ANSWERS: dict[str, Any] = {}

if TYPE_CHECKING:
    Declared = tuple[dict[str, tuple[Any, Any]], Callable[[typer.Context, dict[str, Any]], None]]
    """The parameters of a command, each with its type and default, and what is run with their values."""

Function = Any
"""A function that carries out a command; each has options of its own."""


def writing(
    name: str,
    *shared: Option,
    without: Sequence[Option] = (),
    words: WordsHelp = WORDS,
    table: Sequence[Option] = (),
    **settings: Any,
) -> Callable[[Function], Function]:
    """Make a function a verb that may write into the vault.

    Args:
        name: Its name in the table; of a group, both words.
        shared: Options that it shares with others, beside ``-i``, ``--as``, ``--json`` and ``--dry-run``.
        without: Those of the four that it does not take.
        words: What its words are.
        table: Options that a table declares; the function is given their values by name, as its second argument.
        settings: For Typer; ``help`` where several verbs share a function; ``answers`` where JSON is not the incident: a shape, or
            the fields of a listing.
    """
    if JSON not in without:
        settings.setdefault("answers", WRITTEN_INCIDENT)
    # Whoever may type a moment may also insist on it.
    confirm = (CONFIRM,) if AT in shared else ()
    taken = [each for each in (*shared, *confirm, INCIDENT, WHO, JSON, DRY_RUN) if each not in without]
    return _verb(name, taken, words, table, settings, writes=True)


def reading(
    name: str, *shared: Option, without: Sequence[Option] = (), words: WordsHelp = WORDS, **settings: Any
) -> Callable[[Function], Function]:
    """Make a function a verb that only reads, and has ``-i`` and ``--json``; otherwise as `writing`."""
    taken = [each for each in (*shared, INCIDENT, JSON) if each not in without]
    return _verb(name, taken, words, (), settings, writes=False)


def without_vault(name: str, *shared: Option, **settings: Any) -> Callable[[Function], Function]:
    """Make a function a command that needs no vault: it is given the options of its own, and no call."""

    def keep(function: Function) -> Function:
        def declared() -> Declared:
            own = dict(_own(function, skip=0))

            def run(_: typer.Context, typed: dict[str, Any]) -> None:
                show(function(**{each: typed[each] for each in own}), as_json=bool(typed.get("as_json")))

            return {**own, **_taken(shared)}, run

        _add(name, function, declared, settings)
        return function

    return keep


def _verb(
    name: str,
    shared: Sequence[Option],
    words: WordsHelp,
    table: Sequence[Option],
    settings: dict[str, Any],
    *,
    writes: bool,
) -> Callable[[Function], Function]:
    def keep(function: Function) -> Function:
        def declared() -> Declared:
            own = dict(_own(function, skip=2 if table else 1))

            def run(ctx: typer.Context, typed: dict[str, Any]) -> None:
                call = _call(name, ctx, typed, writes=writes)
                fields = [{each.name: typed[each.name] for each in table}] if table else []
                while True:
                    try:
                        result = function(call, *fields, **{each: typed[each] for each in own})
                        break
                    except MissingWordError as missing:
                        call = _asked(call, missing, typed)
                    except BusyError as error:
                        error.give_back(call.repeated(call.after))
                        raise
                show(result, call, as_json=bool(typed.get("as_json")))

            return {**_words(name, words, writes=writes), **_taken(table), **own, **_taken(shared)}, run

        _add(name, function, declared, settings)
        return function

    return keep


def _call(name: str, ctx: typer.Context, typed: dict[str, Any], *, writes: bool) -> Call:
    """Make the call of a command line."""
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.request import Shared, Typed

    options: RunOptions = ctx.obj
    who = typed.get("who") or options.who
    words = typed.get("words") or ()
    asked = person() if options.may_ask else None
    return Call(
        start(options, who),
        Typed(name, (words,) if isinstance(words, str) else tuple(words), tuple(_typed(ctx)), who),
        usage=usage_of(name),
        shared=Shared(**{each: typed[each] for each in Shared._fields if each in typed}),
        writes=writes,
        person=asked,
        question=None if typed.get("as_json") or typed.get("dry_run") else asked,
    )


def _asked(call: Call, missing: MissingWordError, typed: dict[str, Any]) -> Call:
    """Ask for a word that is missing, and return the call with it.

    Raises:
        MissingWordError: Nobody can be asked, or nobody answers.
    """
    question = f"{missing.question[:1].upper()}{missing.question[1:]}? (Enter to skip) "
    answer = call.question.line(question, missing.allowed) if call.question else None
    if not answer:
        raise missing
    if missing.option:
        typed[missing.option] = answer
    return call.answered(missing, answer)


def _typed(ctx: typer.Context) -> Iterator[tuple[str, str | None]]:
    """Return the options that were typed, each by its longest name, but for the incident and the person."""
    for each in ctx.command.params:
        given = ctx.get_parameter_source(each.name or "")
        if (
            each.param_type_name != "option"
            or each.name in {"incident", "who"}
            or given is None
            or given.name != "COMMANDLINE"
        ):
            continue
        option, value = max(each.opts, key=len), ctx.params[each.name or ""]
        if isinstance(value, bool):
            yield option, None
        else:
            yield from ((option, str(one)) for one in (value if isinstance(value, (list, tuple)) else [value]))


def _words(name: str, words: WordsHelp, *, writes: bool) -> dict[str, tuple[Any, Any]]:
    """Return the parameter that holds the words of a verb, none where it takes none."""
    usage = usage_of(name)
    if not usage:
        return {}
    if words is WORDS and usage in {"REF", "[REF]"}:
        words = REFERENCE if writes else READ_REFERENCE
    about = typer.Argument(metavar=usage, help=words.help)
    kind = str if usage in {"REF", "[REF]"} else list[str]
    if usage == "REF":
        return {"words": (Annotated[kind, about], Parameter.empty)}
    return {"words": (Annotated[kind | None, about], None)}


def _own(function: Function, *, skip: int) -> Iterator[tuple[str, tuple[Any, Any]]]:
    """Return the options of a verb's own: by name, the type and the default."""
    code = function.__code__
    for name in code.co_varnames[skip : code.co_argcount + code.co_kwonlyargcount]:
        kept = function.__annotations__[name]
        annotation = eval(kept, function.__globals__) if isinstance(kept, str) else kept  # noqa: S307 - our own source
        yield name, (annotation, _default(function, name))


def _default(function: Function, name: str) -> Any:
    code = function.__code__
    named = code.co_varnames[: code.co_argcount]
    values = dict(zip(reversed(named), reversed(function.__defaults__ or ()), strict=False))
    return {**values, **(function.__kwdefaults__ or {})}.get(name, Parameter.empty)


def _taken(options: Sequence[Option]) -> dict[str, tuple[Any, Any]]:
    return {each.name: (each.annotation, each.default) for each in options}


def _add(name: str, function: Function, declared: Callable[[], Declared], settings: dict[str, Any]) -> None:
    """Keep a command for Typer, which is told of it when it is asked for: most commands of a module never are."""
    if answers := settings.pop("answers", None):
        ANSWERS[name] = answers
    text = settings.pop("help", None) or function.__doc__ or ""

    def tell(app: typer.Typer) -> None:
        command = _with_signature(*declared())
        if is_group(name):
            app.callback(invoke_without_command=True)(command)
        else:
            shown = cleandoc(text).replace("\\b\n", "\b\n")
            app.command(name.rpartition(" ")[2], cls=HelpfulCommand, help=shown, **settings)(command)

    DECLARED.setdefault(name.partition(" ")[0], []).append(tell)


def app_of(name: str) -> typer.Typer:
    """Return the app of a command, or of a group with all its commands, whose module has been imported."""
    group = is_group(name)
    has_own = group and name in ANSWERS
    app = typer.Typer(
        add_completion=False,
        cls=HelpfulGroup,
        rich_markup_mode=None,
        help=BY_NAME[name].help if group else None,
        no_args_is_help=group and not has_own,
        invoke_without_command=has_own,
    )
    if group and not has_own:
        # Typer makes a group only of what has a callback.
        app.callback()(lambda: None)
    for tell in DECLARED[name]:
        tell(app)
    return app


def _with_signature(
    parameters: dict[str, tuple[Any, Any]], run: Callable[[typer.Context, dict[str, Any]], None]
) -> Callable[..., None]:
    """Return a function that has the parameters as its own, because Typer reads the options of a command from its signature."""

    def command(**typed: Any) -> None:
        # A group that does something by itself does it only where none of its commands is typed.
        if typed["ctx"].invoked_subcommand is None:
            run(typed["ctx"], typed)

    parameters = {"ctx": (typer.Context, Parameter.empty), **parameters}
    command.__annotations__ = {each: annotation for each, (annotation, _) in parameters.items()}
    command.__signature__ = Signature(  # type: ignore[attr-defined]
        [
            Parameter(each, Parameter.KEYWORD_ONLY, annotation=annotation, default=default)
            for each, (annotation, default) in parameters.items()
        ]
    )
    return command
