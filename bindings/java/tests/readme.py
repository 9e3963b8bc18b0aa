"""Writes the code of a README as a program that runs against the sandbox: readme.py README > FirstOrder.java"""
import pathlib
import re
import sys

OPTIONS = """new Options().token(System.getenv("WOTRUS_TOKEN"))
            .baseUrl(System.getenv("WOTRUS_BASE_URL")).caFile(System.getenv("WOTRUS_CA_FILE"))"""
FURTHER = """
            byte[] requestBody = ("{{\\"dataAction\\":\\"order\\",\\"orderID\\":\\"" + id
                + "\\",\\"isIssued\\":true,\\"isRevoked\\":false}}").getBytes();
            String status = null;
{errors}
{push}
            System.out.println(status);
"""
first_order, errors, push = re.findall(
    r"```java\n(.*?)```", pathlib.Path(sys.argv[1]).read_text("utf-8"), flags=re.S)
program = re.sub(r"        String token = .*\n", "", first_order).replace("new Options().token(token)", OPTIONS)
last = 'Files.write(Paths.get("fullchain.pem"), certificate.fullChain().getBytes());'
if OPTIONS not in program or last not in program:
    sys.exit("the first order of the README has another form")
sys.stdout.write(program.replace(last, last + FURTHER.format(errors=errors, push=push)))
