"""Releases through the real command: made, refused, interrupted, superseded, signed, built anew."""

import json
import shutil
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path

import pytest
from tests.conftest import ReleasedPackage, Ttpack, clean_environment
from tests.conftest import Repository as Git

from ttpack.errors import UsageError
from ttpack.publish.release import store
from ttpack.publish.release.files import digests

COMMITTED = {"GIT_AUTHOR_DATE": "2026-09-02T12:00:00Z", "GIT_COMMITTER_DATE": "2026-09-02T12:00:00Z"}


def git(repository: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=Ada Author", "-c", "user.email=ada@example.org")
    subprocess.run(
        ["git", *identity, *arguments], cwd=repository, env=clean_environment() | COMMITTED, check=True,
        capture_output=True,
    )  # fmt: skip


@pytest.fixture
def copied(released_package: ReleasedPackage, tmp_path: Path) -> ReleasedPackage:
    """A clone at another path, with a space in it, and a copy of the folder of releases."""
    repository, public = tmp_path / "a clone", tmp_path / "public"
    subprocess.run(["git", "clone", "--quiet", str(released_package.repository), str(repository)], check=True)
    git(repository, "checkout", "--quiet", "refs/tags/rev-A")
    shutil.copytree(released_package.public, public)
    return ReleasedPackage(repository, public)


def state(folder: Path) -> dict[str, str]:
    return {one.path: one.digest for one in digests(folder)}


def test_a_release_is_the_same_bytes_wherever_it_is_built(
    released_package: ReleasedPackage, copied: ReleasedPackage, ttpack: Ttpack, tmp_path: Path
) -> None:
    elsewhere = {"TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONHASHSEED": "7", "HOME": str(tmp_path), "USER": "other"}
    done = ttpack(
        "release", "--tag", "rev-A", "--edition", "partner", "--out", tmp_path / "mine", cwd=copied.repository,
        env=elsewhere,
    )  # fmt: skip
    assert done.code == 0, done.stderr
    assert state(tmp_path / "mine" / "rev-A" / "partner-ORG-CDMO") == state(released_package.edition)


def test_verify_says_what_is_right_and_what_it_could_not_check(
    released_package: ReleasedPackage, ttpack: Ttpack
) -> None:
    done = ttpack("verify", released_package.public)
    assert done.code == 0, done.stdout
    assert "partner-ORG-CDMO: PKG-MIN rev-A partner-ORG-CDMO" in done.stdout
    assert "files are as the manifest and the release record say" in done.stdout
    assert "nobody signed it" in done.stdout
    assert done.stdout.endswith("Nothing is wrong.\n")
    said = ttpack("verify", released_package.edition, "--format", "json").json
    assert said["good"] is True
    assert [one["edition"] for one in said["editions"]] == ["partner-ORG-CDMO"]


def test_a_later_release_supersedes_without_changing_a_byte(copied: ReleasedPackage, ttpack_here: Ttpack) -> None:
    before = state(copied.public / "rev-A")
    git(copied.repository, "commit", "--quiet", "--allow-empty", "--message", "second")
    git(copied.repository, "tag", "--annotate", "--message", "the second", "rev-B")
    git(copied.repository, "branch", "rev-B", "rev-A")  # a branch of the same name is not what is released
    done = ttpack_here(
        "release", "--tag", "rev-B", "--edition", "internal", "--out", copied.public, cwd=copied.repository
    )
    assert done.code == 0, done.stderr
    assert state(copied.public / "rev-A") == before
    listed = json.loads((copied.public / "versions.json").read_text())
    assert [(one["version"], one["status"]) for one in listed] == [("rev-B", "current"), ("rev-A", "superseded")]
    assert "rev-B" in (copied.public / "versions" / "internal.js").read_text()
    # the partner got no rev-B, and is not told of one
    assert "rev-B" not in (copied.public / "versions" / "partner-ORG-CDMO.js").read_text()
    assert ttpack_here("verify", copied.public).code == 0


def test_what_is_not_released(copied: ReleasedPackage, ttpack_here: Ttpack, tmp_path: Path) -> None:
    before = state(copied.public)

    def refused(*more: str | Path, out: str | Path = copied.public) -> str:
        done = ttpack_here("release", "--out", out, *more, cwd=copied.repository)
        assert done.code in {2, 3}, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stderr

    assert "released already" in refused("--tag", "rev-A")
    assert "no revision" in refused("--tag", "rev-Z")
    assert "not a tag" in refused("--tag", "rev-A", "--since", "HEAD")
    assert "holds the package itself" in refused("--tag", "rev-A", out=".")
    assert "among the records" in refused("--tag", "rev-A", out="records/public")
    assert "folder of git" in refused("--tag", "rev-A", out=".git/public")
    for tag in ("versions", "con", "../x", ".hidden", "a/b", "x" * 101, "-x"):
        assert "cannot be the name of a release" in refused(f"--tag={tag}")
    (copied.repository / "left.txt").write_text("x")
    assert "left.txt" in refused("--tag", "rev-A", out=tmp_path / "new")
    (copied.repository / "left.txt").unlink()
    git(copied.repository, "mv", "records/plan.yaml", "records/renamed.yaml")
    assert "not clean" in refused("--tag", "rev-A", out=tmp_path / "new")
    git(copied.repository, "reset", "--quiet", "--hard")
    git(copied.repository, "commit", "--quiet", "--allow-empty", "--message", "later")
    assert "not what is checked out" in refused("--tag", "rev-A", out=tmp_path / "new")
    assert state(copied.public) == before
    assert not (tmp_path / "new").exists()


def test_a_name_that_is_taken_in_any_way_is_not_written_over(tmp_path: Path) -> None:
    for name in ("REV-a", "rev-A"):
        public = tmp_path / name
        (public / name).mkdir(parents=True)
        with pytest.raises(UsageError, match="released already"), store.staged(public, "rev-A"):
            pytest.fail("it began")
        assert [one.name for one in public.iterdir()] == [name]


def test_a_folder_has_releases_of_one_package(copied: ReleasedPackage) -> None:
    assert store.other_package(copied.public, "PKG-MIN") == ""
    assert store.other_package(copied.public, "PKG-OTHER") == "PKG-MIN"


def test_of_two_revisions_of_one_commit_the_higher_number_is_newer(copied: ReleasedPackage) -> None:
    for name in ("rev-9", "rev-10"):
        shutil.copytree(copied.public / "rev-A", copied.public / name)
    shutil.rmtree(copied.public / "rev-A")
    assert [one["revision"] for one in store.released(copied.public)] == ["rev-10", "rev-9"]


def test_lists_that_were_not_written_are_told_and_healed(copied: ReleasedPackage, ttpack: Ttpack) -> None:
    before = state(copied.public)
    shutil.rmtree(copied.public / "versions")
    (copied.public / "versions.json").write_text("[]\n")
    (copied.public / ".versions.json.new").write_text("[")
    said = ttpack("verify", copied.public)
    assert said.code == 1
    assert "versions.json does not list" in said.stdout
    assert "the next ttpack release writes it" in said.stdout
    ttpack("release", "--tag", "rev-A", "--out", copied.public, cwd=copied.repository)
    assert state(copied.public) == before


def test_a_release_that_is_killed_leaves_the_old_state_and_the_next_one_works(
    copied: ReleasedPackage, ttpack: Ttpack, tmp_path: Path
) -> None:
    out = tmp_path / "new"
    command = [sys.executable, "-m", "ttpack", "release", "--tag", "rev-A", "--edition", "partner", "--out", str(out)]
    for reached in ("staged", "site"):
        started = subprocess.Popen(
            command, cwd=copied.repository, env=clean_environment(), stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        pattern = {"staged": ".ttpack-staging-*", "site": ".ttpack-staging-*/*/data/*"}
        while started.poll() is None and not list(out.glob(pattern[reached])):
            time.sleep(0.01)
        if reached == "staged":
            second = ttpack(*command[3:], cwd=copied.repository)
            assert "another release is being written" in second.stderr or started.poll() is not None
        started.send_signal(signal.SIGKILL)
        started.wait()
        if started.returncode == -signal.SIGKILL:
            assert not (out / "rev-A").exists() or ttpack("verify", out / "rev-A").code == 0
        shutil.rmtree(out / "rev-A", ignore_errors=True)
    assert ttpack(*command[3:], cwd=copied.repository).code == 0
    assert state(out / "rev-A" / "partner-ORG-CDMO") == state(copied.edition)
    assert not list(out.glob(".ttpack-staging-*"))


def test_a_full_or_closed_disk_is_said_plainly(copied: ReleasedPackage, ttpack_here: Ttpack, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    done = ttpack_here("release", "--tag", "rev-A", "--out", tmp_path / "file" / "public", cwd=copied.repository)
    assert done.code in {2, 3}
    assert "Traceback" not in done.stderr


def test_a_release_built_anew_is_compared_byte_for_byte(copied: ReleasedPackage, ttpack_here: Ttpack) -> None:
    done = ttpack_here("verify", copied.edition, "--rebuild", copied.repository)
    assert done.code == 0, done.stdout
    assert "built anew it has the same bytes" in done.stdout
    git(copied.repository, "rm", "--quiet", "records/plan.yaml")
    git(copied.repository, "commit", "--quiet", "--message", "other")
    git(copied.repository, "tag", "--force", "rev-A")
    done = ttpack_here("verify", copied.edition, "--rebuild", copied.repository)
    assert done.code == 1
    assert "differs when built anew: package.json has other bytes" in done.stdout


def test_other_tools_read_a_release(released_package: ReleasedPackage) -> None:
    import bagit

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        from rocrate.rocrate import ROCrate

    edition = released_package.edition
    assert bagit.Bag(str(edition)).is_valid()
    crate = ROCrate(str(edition / "data"))
    files = {one.path for one in digests(edition / "data")} - {"release.json", "ro-crate-metadata.json"}
    assert {one.id for one in crate.get_by_type("File")} >= files
    bill = json.loads((edition / "data" / "bom.cdx.json").read_text())
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert {"pydantic", "typst", "mkdocs"} <= {one["name"] for one in bill["components"]}


def test_a_partner_is_told_no_commit_and_no_other_edition(released_package: ReleasedPackage) -> None:
    commit = Git(released_package.repository).git("rev-parse", "rev-A")
    partner = (released_package.edition / "data" / "release.json").read_text()
    internal = (released_package.public / "rev-A" / "internal" / "data" / "release.json").read_text()
    assert commit in internal
    assert commit not in partner
    assert not {"commit", "editions"} & json.loads(partner).keys()
    assert '"internal"' not in partner


def test_a_signed_release_record_is_judged_by_the_readers_keys(
    released_package: ReleasedPackage, ttpack: Ttpack, tmp_path: Path
) -> None:
    from datetime import UTC, datetime

    from tests.hostile.test_release import tags

    from ttpack.publish.release.statement import SIGNATURE, Signer, signed_statement

    for name in ("mine", "other"):
        key = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / name)]
        subprocess.run(key, check=True)
    edition = Path(shutil.copytree(released_package.edition, tmp_path / "edition"))
    record = (edition / "data" / "release.json").read_bytes()
    signer = Signer("PER-S-QA", tmp_path / "mine", datetime(2026, 9, 2, 12, tzinfo=UTC))

    def judged(name: str) -> tuple[int, str]:
        public = (tmp_path / f"{name}.pub").read_text().split()
        keys = tmp_path / "keys"
        keys.write_text(f'PER-S-QA namespaces="ttpack-release" {public[0]} {public[1]}\n')
        done = ttpack("verify", edition, "--allowed-signers", keys)
        return done.code, done.stdout

    code, said = judged("mine")
    assert code == 1
    assert "nobody signed this, and a signature was asked for" in said
    (edition / SIGNATURE).write_bytes(signed_statement(record, signer))
    tags(edition)
    code, said = judged("mine")
    assert code == 0, said
    assert "signed by PER-S-QA" in said
    code, said = judged("other")
    assert code == 1
    assert "signed by PER-S-QA" not in said
    data = json.loads((edition / SIGNATURE).read_text())
    data["signed_at"] = "2026-09-03T12:00:00+00:00"
    (edition / SIGNATURE).write_text(json.dumps(data))
    tags(edition)
    code, said = judged("mine")
    assert code == 1
    assert "signature.json is not good" in said
