"""Writes the code of a README as a program that runs against the sandbox: readme.py README > Readme.cs"""
import pathlib
import re
import sys

CONNECTED = """{ Token = Environment.GetEnvironmentVariable("WOTRUS_TOKEN"),
            BaseUrl = Environment.GetEnvironmentVariable("WOTRUS_BASE_URL"),
            CaFile = Environment.GetEnvironmentVariable("WOTRUS_CA_FILE") };"""
FURTHER = """
            byte[] requestBody = System.Text.Encoding.UTF8.GetBytes(
                "{{\\"dataAction\\":\\"order\\",\\"orderID\\":\\"" + id + "\\",\\"isIssued\\":true,\\"isRevoked\\":false}}");
            string status = null;
{errors}
{push}
            Console.WriteLine(status);
"""
first_order, errors, push = re.findall(
    r"```csharp\n(.*?)```", pathlib.Path(sys.argv[1]).read_text("utf-8"), flags=re.S)
program, replaced = re.subn(r"\{ Token = .*\};", lambda _: CONNECTED, first_order)
last = 'File.WriteAllText("fullchain.pem", certificate.FullChain());'
if replaced != 1 or last not in program:
    sys.exit("the first order of the README has another form")
# The names of the exceptions are not used.
sys.stdout.write("#pragma warning disable 168\n" + program.replace(last, last + FURTHER.format(errors=errors, push=push)))
