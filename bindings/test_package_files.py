"""The documentation in the packages of all languages."""
import re
import unittest

from package_files import BINDINGS, documentation

LANGUAGES = sorted(path.parent.name for path in BINDINGS.glob("*/package"))


class Documentation(unittest.TestCase):
    def test_every_link_leads_to_a_file_of_the_package(self):
        self.assertIn("python", LANGUAGES)
        for language in LANGUAGES:
            files = documentation(language)
            for name in ("README.md", "README.zh-CN.md", "options.md"):
                text = files[name].decode()
                for link in re.findall(r"\]\(([^)#]*)\)", text):
                    if not link.startswith("https://"):
                        self.assertIn(link, [*files], (language, name))
            self.assertIn("(options.md)", files["README.md"].decode())

    def test_every_package_has_an_example_and_the_licences(self):
        for language in LANGUAGES:
            folders = {name.split("/")[0] for name in documentation(language) if "/" in name}
            self.assertEqual(folders, {"examples", "licences"}, language)


if __name__ == "__main__":
    unittest.main()
