#!/usr/bin/env python3
"""manual.py < DESCRIPTION: the manual page of a program, in man(7), from what `PROGRAM --experimental-dump-help` says of
its verbs and options. Whatever the program's own help says stands in it, so that neither is written twice."""
import json
import sys


def plain(text):
    """A text of the program, with what roff would take for its own made plain."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    text = "".join(one if ord(one) < 128 else f"\\[u{ord(one):04X}]" for one in text)
    return "\n".join("\\&" + line if line[:1] in (".", "'") else line for line in text.split("\n"))


def name(argument):
    if argument["kind"] == "positional":
        word = argument["valueName"].upper()
        shown = f"\\fI{plain(word)}\\fR"
    else:
        names = [("-" if one["kind"] == "short" else "--") + one["name"] for one in argument["names"]]
        shown = ", ".join(f"\\fB{plain(one)}\\fR" for one in names)
        if argument["kind"] == "option":
            shown += f" \\fI{plain(argument['valueName'])}\\fR"
    if argument["isRepeating"]:
        shown += " ..."
    return f"[{shown}]" if argument["isOptional"] else shown


def shown(arguments):
    """Every verb has help and version; they are told once."""
    return [one for one in arguments if one.get("shouldDisplay", True) and one["valueName"] not in ("help", "version")]


def verbs(command, path, lines):
    for verb in command.get("subcommands", []):
        if verb["commandName"] == "help" or not verb.get("shouldDisplay", True):
            continue
        words = path + [verb["commandName"]]
        arguments = shown(verb.get("arguments", []))
        if verb.get("subcommands"):
            lines += [f'.SS "{plain(" ".join(words))}"', plain(verb.get("abstract", ""))]
        else:
            usage = " ".join([f"\\fB{plain(' '.join(words))}\\fR"] + [name(one) for one in arguments])
            lines += [".TP", usage, plain(verb.get("abstract", ""))]
        if verb.get("discussion"):
            lines += [".br", plain(verb["discussion"]).replace("\n", "\n.br\n")]
        for argument in arguments:
            text = argument.get("abstract", "")
            if argument.get("defaultValue"):
                text += f" (default: {argument['defaultValue']})"
            lines += [".RS", ".TP", name(argument).strip("[]"), plain(text) or "\\&", ".RE"]
        verbs(verb, words, lines)


def main():
    command = json.load(sys.stdin)["command"]
    program = command["commandName"]
    # No date: the same program gives the same page.
    lines = [
        f'.TH "{program.upper()}" 1 "" "Cloister" "Cloister"', ".SH NAME",
        f"{plain(program)} \\- {plain(command.get('abstract', '').rstrip('.'))}", ".SH SYNOPSIS",
        f"\\fB{plain(program)}\\fR \\fIverb\\fR [\\fIoptions\\fR]", ".SH DESCRIPTION",
        plain(command.get("abstract", "")),
    ]
    if command.get("discussion"):
        lines += [".PP", plain(command["discussion"]).replace("\n", "\n.br\n")]
    lines += [
        ".PP", "Every verb says what it takes with \\fB\\-\\-help\\fR; \\fB\\-\\-version\\fR says which build this is.",
        ".SH VERBS",
    ]
    verbs(command, [program], lines)
    others = [one for one in ("cloister", "cloister-node") if one != program]
    lines += [".SH SEE ALSO", ", ".join(f"\\fB{plain(one)}\\fR(1)" for one in others)]
    print("\n".join(lines))


if __name__ == "__main__":
    main()
