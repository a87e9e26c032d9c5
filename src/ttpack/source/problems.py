"""What can be wrong with a package's files before any rule looks at it: the family SRC."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SourceRule:
    """One way in which a file can fail to be part of a package; `ttpack explain CODE` prints it."""

    code: str
    name: str
    what: str
    why: str
    resolve: str


class SourceProblem(Exception):
    """A place in a file that cannot be read as part of a package; an author's mistake, so it becomes a finding.

    `line` and `column` count from 1, columns in characters. `record` and `field` are known once the record is.
    """

    def __init__(  # noqa: PLR0913, PLR0917  a problem without any of these would be a defect
        self,
        code: str,
        message: str,
        path: str,
        line: int = 1,
        column: int = 1,
        fix: str = "",
        *,
        record: str | None = None,
        field: str = "",
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.path = path
        self.line = line
        self.column = column
        self.fix = fix or SOURCE_RULES[code].resolve
        self.record = record
        self.field = field

    @property
    def name(self) -> str:
        """The kebab-case name that is shown with the code."""
        return SOURCE_RULES[self.code].name


YAML_SYNTAX = "SRC-01"
DUPLICATE_KEY = "SRC-02"
ANCHOR_OR_ALIAS = "SRC-03"
TAG = "SRC-04"
SEVERAL_DOCUMENTS = "SRC-05"
NESTED_TOO_DEEP = "SRC-06"
FILE_TOO_LARGE = "SRC-07"
NOT_UTF_8 = "SRC-08"
FORBIDDEN_CHARACTER = "SRC-09"
NOT_A_REGULAR_FILE = "SRC-10"
NOT_A_RECORD = "SRC-11"
UNKNOWN_KIND = "SRC-12"
SCHEMA_VIOLATION = "SRC-13"
DUPLICATE_ID = "SRC-14"
PATH_OUTSIDE_PACKAGE = "SRC-15"
RAW_HTML = "SRC-16"
UNSAFE_LINK = "SRC-17"
SUBMODULE_OR_LFS = "SRC-18"
UNSUPPORTED_SCHEMA_VERSION = "SRC-19"
UNSAFE_ATTACHMENT = "SRC-20"
UNUSABLE_NUMBER = "SRC-21"
ATTACHMENT_MISSING = "SRC-22"
UNPRINTABLE_CHARACTER = "SRC-23"

SOURCE_RULES: dict[str, SourceRule] = {
    rule.code: rule
    for rule in (
        SourceRule(
            YAML_SYNTAX,
            "yaml-syntax",
            "The file is not YAML.",
            "A file that cannot be read takes its records out of every check, comparison and publication.",
            "Correct the text at the place shown; write units and texts with special characters in quotes.",
        ),
        SourceRule(
            DUPLICATE_KEY,
            "duplicate-key",
            "A field is given twice in one mapping.",
            "Most readers keep the last value silently, so two people can read two different limits in one file.",
            "Keep one of the two.",
        ),
        SourceRule(
            ANCHOR_OR_ALIAS,
            "anchor-or-alias",
            "The file uses a YAML anchor (&name) or alias (*name).",
            "An alias changes one record by editing another, unseen in review, and can be made to fill the memory.",
            'Write the value out, or refer to the record by its id; quote a text that begins with "&" or "*".',
        ),
        SourceRule(
            TAG,
            "tag",
            "The file uses a YAML tag (!name) or directive (%NAME).",
            "Tags make readers build objects other than plain data, or read one text as another type.",
            'Remove the tag; quote a text that begins with "!".',
        ),
        SourceRule(
            SEVERAL_DOCUMENTS,
            "several-documents",
            "The file holds more than one YAML document.",
            "Readers disagree about which document counts.",
            "Write one record in a file, or a list of records; remove the second '---'.",
        ),
        SourceRule(
            NESTED_TOO_DEEP,
            "nested-too-deep",
            "Mappings and lists are nested more than 64 levels deep.",
            "No record needs that, and it can exhaust the programs that read it.",
            "Flatten the record.",
        ),
        SourceRule(
            FILE_TOO_LARGE,
            "file-too-large",
            "The file is larger than the limit.",
            "A record is text that people review; data belong into an attachment.",
            "Split the file, or attach the data as CSV.",
        ),
        SourceRule(
            NOT_UTF_8,
            "not-utf-8",
            "The file is not UTF-8 text without byte order mark.",
            "Other encodings turn µ, ° and ± into other characters on other machines.",
            'Save the file as "UTF-8" (without byte order mark).',
        ),
        SourceRule(
            FORBIDDEN_CHARACTER,
            "forbidden-character",
            "The text holds a character that is invisible or changes how text is read.",
            "Control characters break PDF and Word; line separators pasted from a word processor break YAML; "
            "direction marks make a reviewer see another text than the machine reads.",
            "Delete the character and type it anew.",
        ),
        SourceRule(
            NOT_A_REGULAR_FILE,
            "symbolic-link-or-special-file",
            "A file of the package is a symbolic link, or not a regular file.",
            "A link can lead outside the package, so a revision would not say what was reviewed.",
            "Put the file itself in the package.",
        ),
        SourceRule(
            NOT_A_RECORD,
            "not-a-record",
            "A file in a record folder holds no record.",
            "What is no record is not checked, and a reader cannot see that.",
            "Begin the record with its kind and id, or move the file out of the record folders.",
        ),
        SourceRule(
            UNKNOWN_KIND,
            "unknown-kind",
            "The kind of the record is not one that ttpack knows.",
            "A record of an unknown kind is neither checked nor published.",
            "Use the full name of a kind; `ttpack schema` lists them.",
        ),
        SourceRule(
            SCHEMA_VIOLATION,
            "schema-violation",
            "A field is unknown, missing, or holds something else than it must.",
            "A misspelt field is a value that nobody reads.",
            "Correct the field; the schema of the kind describes it.",
        ),
        SourceRule(
            DUPLICATE_ID,
            "duplicate-id",
            "Two records have the same id.",
            "An id stands for one thing; a reference to this one would be ambiguous.",
            "Give one of them an id of its own.",
        ),
        SourceRule(
            PATH_OUTSIDE_PACKAGE,
            "path-outside-package",
            "A path leads outside the package.",
            "What lies outside is not part of the revision, and might be a file that nobody meant to publish.",
            "Name a file below the package root, with forward slashes.",
        ),
        SourceRule(
            RAW_HTML,
            "raw-html-or-comment",
            "Prose holds raw HTML, a comment or raw markup.",
            "It would show in one form of publication and vanish in another, or run in a reader's browser.",
            'Write plain Markdown; put a space after a "<" that means "less than", or put code in backticks.',
        ),
        SourceRule(
            UNSAFE_LINK,
            "unsafe-link",
            "A link or picture in prose leads where readers must not be sent.",
            "Published pages link to http, https and mailto addresses, and show pictures of the package only.",
            "Link to a public address, to a record as [[ID]], or put the picture in the package.",
        ),
        SourceRule(
            SUBMODULE_OR_LFS,
            "submodule-or-lfs-pointer",
            "The content lies in a submodule, or only its Git LFS pointer is here.",
            "The content that was reviewed is not in this revision of the repository.",
            "Commit the file itself; for Git LFS run `git lfs pull` first.",
        ),
        SourceRule(
            UNSUPPORTED_SCHEMA_VERSION,
            "unsupported-schema-version",
            "The package is written to a schema version that this ttpack does not read.",
            "Reading it with the wrong schema would misread it silently.",
            "Use a newer ttpack, or correct schema_version in ttpack.yaml.",
        ),
        SourceRule(
            UNSAFE_ATTACHMENT,
            "unsafe-attachment",
            "A drawing holds scripts, outside references or other active content, or a picture is not of its kind.",
            "It would run in the browser of whoever opens the published page, or exhaust what shows it.",
            "Export the drawing as plain SVG, or as PNG.",
        ),
        SourceRule(
            UNUSABLE_NUMBER,
            "unusable-number",
            "A number is infinite, not a number, or has an absurd size or count of digits.",
            "It cannot be a measured or intended value, and computing with it exactly would not end.",
            "Write the number as a decimal of ordinary size, or quote it if it is a text.",
        ),
        SourceRule(
            ATTACHMENT_MISSING,
            "attachment-missing",
            "A record names a file that the package does not contain.",
            "The reviewer, the receiving site and the archive would lack it.",
            "Add the file, or correct its name (upper and lower case matter).",
        ),
        SourceRule(
            UNPRINTABLE_CHARACTER,
            "unprintable-character",
            "The text holds a character that the fonts of the PDF do not have.",
            "The controlled document could not be printed, or would be printed without the character. Latin, Greek, "
            "Cyrillic, Chinese, Japanese, Korean, mathematics and common symbols can be printed.",
            "Write it in other characters.",
        ),
    )
}
