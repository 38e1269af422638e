"""The packages that `make package` makes of the release, unpacked and tried; nothing is installed."""

import gzip
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "build" / "release" / "wattfor"
CONFIGURATION = ROOT / "build" / "release" / "CPackConfig.cmake"
MISSING = [tool for tool in ("cpack", "dpkg-deb", "dpkg-shlibdeps") if not shutil.which(tool)]


def text_of(*command, **options) -> str:
    words = list(map(str, command))
    return subprocess.run(words, capture_output=True, text=True, check=True, **options).stdout


def verbs() -> list[str]:
    overview = text_of(PROGRAM, "--help").split("Verbs:\n")[1].split("\n\n")[0]
    return re.findall(r"^  (\S+)", overview, re.MULTILINE)


@unittest.skipUnless(CONFIGURATION.exists(), f"{PROGRAM} is not built (make release)")
@unittest.skipIf(MISSING, f"not installed: {MISSING} (tools/install package)")
class Packages(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        temporary = tempfile.TemporaryDirectory(prefix="wattfor-package-")
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = Path(temporary.name)
        # A strict umask must not reach into the packages.
        subprocess.run(
            [ROOT / "tools" / "package", cls.folder / "made"],
            check=True,
            stdout=subprocess.DEVNULL,
            preexec_fn=lambda: os.umask(0o077),
        )
        (cls.deb,) = (cls.folder / "made").glob("*.deb")
        (cls.tar,) = (cls.folder / "made").glob("*.tar.gz")
        cls.debian = cls.folder / "debian"
        subprocess.run(["dpkg-deb", "-x", cls.deb, cls.debian], check=True)
        (cls.folder / "tar").mkdir()
        subprocess.run(["tar", "-xzf", cls.tar, "-C", cls.folder / "tar"], check=True)
        (cls.unpacked,) = (cls.folder / "tar").iterdir()

    def field(self, name: str) -> str:
        return text_of("dpkg-deb", "-f", self.deb, name).strip()

    def try_out(self, program: Path) -> None:
        """The program runs from where it lies, with nothing else of the machine's."""
        environment = {"HOME": str(self.folder)}
        version = text_of(program, "--version", env=environment)
        self.assertEqual(version, f"wattfor {self.field('Version')}\n")
        self.assertIn("cpu", text_of(program, "sensors", env=environment))
        answer = subprocess.run(
            [program, "rank"], env=environment, capture_output=True, text=True
        )
        self.assertEqual((answer.returncode, answer.stdout), (1, ""))
        self.assertIn("wattfor.db", answer.stderr)

    def test_they_are_named_by_version_and_machine(self):
        version = self.field("Version")
        machine = os.uname().machine
        self.assertEqual(self.tar.name, f"wattfor-{version}-Linux-{machine}.tar.gz")
        self.assertEqual(self.unpacked.name, f"wattfor-{version}-Linux-{machine}")
        self.assertEqual(self.deb.name, f"wattfor_{version}_{self.field('Architecture')}.deb")

    def test_the_program_in_them_runs(self):
        self.try_out(self.debian / "usr" / "bin" / "wattfor")
        self.try_out(self.unpacked / "bin" / "wattfor")

    def test_pytorchs_worker_comes_along_and_is_found(self):
        bare = self.folder / "python-without-pytorch"
        bare.write_text('#!/bin/sh\nexec /usr/bin/python3 -S "$@"\n')
        bare.chmod(0o755)
        model = self.folder / "model.pt"
        model.write_text("weights")
        environment = {
            "HOME": str(self.folder / "sweeper"),
            "PATH": "/usr/bin:/bin",
            "WATTFOR_PYTHON": str(bare),
        }
        for root in (self.debian / "usr", self.unpacked):
            answer = subprocess.run(
                [root / "bin" / "wattfor", "sweep", model, "--worker", "torch"],
                env=environment,
                capture_output=True,
                text=True,
            )
            self.assertIn("PyTorch can't be imported in /usr/bin/python3", answer.stderr)
            carried = sorted((root / "share" / "wattfor" / "workers" / "torch").rglob("*.*"))
            sources = sorted((ROOT / "workers" / "torch" / "torch_worker").glob("*.py"))
            self.assertEqual(
                [file.name for file in carried if file.parent.name == "torch_worker"],
                [file.name for file in sources],
            )

    def test_debian_needs_libc_alone_and_recommends_the_letters_of_figures(self):
        self.assertRegex(self.field("Depends"), r"^libc6 \(>= [0-9.]+\)$")
        self.assertEqual(self.field("Recommends"), "fonts-dejavu-core")
        for name in ("Maintainer", "Description", "Section", "Installed-Size"):
            self.assertNotEqual(self.field(name), "", name)
        self.assertLessEqual(len(self.field("Description").splitlines()[0]), 80)

    def test_the_program_in_them_asks_for_libc_and_libm_only(self):
        listing = text_of("readelf", "-d", self.debian / "usr" / "bin" / "wattfor")
        needed = set(re.findall(r"\(NEEDED\).*\[(.+)\]", listing))
        self.assertLessEqual(
            {library for library in needed if not library.startswith("ld-linux")},
            {"libc.so.6", "libm.so.6"},
        )

    def test_the_library_comes_along_and_the_system_is_told_of_it(self):
        for root in (self.debian / "usr", self.unpacked):
            (library,) = (root / "lib").glob("libwattfor.so.*.*.*")
            for link in ("libwattfor.so", "libwattfor.so.0"):
                self.assertEqual((root / "lib" / link).resolve(), library.resolve())
            for name in ("include/wattfor/wattfor.h", "include/wattfor/wattfor.hpp",
                         "lib/cmake/wattfor/wattforConfig.cmake", "lib/pkgconfig/wattfor.pc"):  # fmt: skip
                self.assertTrue((root / name).is_file(), name)
        control = self.folder / "control"
        subprocess.run(["dpkg-deb", "-e", self.deb, control], check=True)
        self.assertIn("libwattfor 0", (control / "shlibs").read_text())
        self.assertIn("ldconfig", (control / "postinst").read_text())

    def test_manual_pages_of_all_verbs_are_where_man_looks(self):
        pages = {"wattfor.1"} | {f"wattfor-{verb}.1" for verb in verbs()}
        plain = self.unpacked / "share" / "man" / "man1"
        packed = self.debian / "usr" / "share" / "man" / "man1"
        self.assertEqual({page.name for page in plain.iterdir()}, pages)
        self.assertEqual({page.name for page in packed.iterdir()}, {f"{p}.gz" for p in pages})
        for page in pages:
            with gzip.open(packed / f"{page}.gz") as text:
                self.assertEqual(text.read(), (plain / page).read_bytes())

    def test_completions_are_where_the_shells_look(self):
        for share, zsh in (
            (self.debian / "usr" / "share", "vendor-completions"),
            (self.unpacked / "share", "site-functions"),
        ):
            for shell, place in (
                ("bash", share / "bash-completion" / "completions" / "wattfor"),
                ("zsh", share / "zsh" / zsh / "_wattfor"),
                ("fish", share / "fish" / "vendor_completions.d" / "wattfor.fish"),
            ):
                self.assertEqual(place.read_text(), text_of(PROGRAM, "completion", shell))
            self.assertEqual([folder.name for folder in (share / "zsh").iterdir()], [zsh])

    def test_licences_and_documents_come_along(self):
        debian = self.debian / "usr" / "share" / "doc" / "wattfor"
        for name in ("copyright", "changelog.gz", "README.md", "docs/installing.md"):
            self.assertTrue((debian / name).is_file(), name)
        plain = self.unpacked / "share" / "doc" / "wattfor"
        for name in ("LICENSE", "CHANGELOG.md", "README.md", "docs/installing.md"):
            self.assertTrue((plain / name).is_file(), name)
        for carried in (debian / "copyright", plain / "third-party-licenses"):
            for library in ("CLI11", "fmt", "libsodium", "nlohmann", "cairo", "FreeType"):
                self.assertIn(library, carried.read_text(), carried)

    def test_everything_is_root_s_and_readable_by_all(self):
        for line in text_of("dpkg-deb", "-c", self.deb).splitlines():
            mode, owner, *_, path = line.partition(" -> ")[0].split()
            self.assertEqual(owner, "root/root", line)
            if mode[0] == "l":
                continue
            runs = path.endswith(("/bin/wattfor", "/wattfor-worker-example", "/wattfor-worker-torch"))
            expected = "drwxr-xr-x" if mode[0] == "d" else "-rwxr-xr-x" if runs else "-rw-r--r--"
            self.assertEqual(mode, expected, line)


@unittest.skipUnless(PROGRAM.exists(), f"{PROGRAM} is not built (make release)")
class Uninstall(unittest.TestCase):
    def test_it_removes_every_file_below_prefix_and_destdir_and_nothing_else(self):
        with tempfile.TemporaryDirectory(prefix="wattfor-install-") as folder:
            prefix = Path(folder) / "opt" / "tools"
            (prefix / "bin").mkdir(parents=True)
            (prefix / "bin" / "another").touch()
            env = os.environ | {"DESTDIR": folder}
            build = PROGRAM.parent
            text_of("cmake", "--install", build, "--prefix", "/opt/tools", env=env)
            (build / "install_manifest.txt").unlink()
            self.assertTrue((prefix / "bin" / "wattfor").exists())
            text_of("make", "uninstall", f"DESTDIR={folder}", "PREFIX=/opt/tools", cwd=ROOT)
            left = [path.name for path in prefix.rglob("*") if path.is_file()]
            self.assertEqual(left, ["another"])


if __name__ == "__main__":
    sys.exit(unittest.main())
