# check.ps1: tests wotrus.exe and wotrus.dll on this machine, without contacting the service. Please send its output
# (check.txt, in the current folder) to the project. Works with PowerShell 2, which Windows 7 has:
#   powershell -ExecutionPolicy Bypass -File docs\check.ps1
# For the x86 zip on 64-bit Windows use %SystemRoot%\SysWOW64\WindowsPowerShell\v1.0\powershell, which is 32-bit.
$folder = Split-Path -Parent (Split-Path -Parent $MyInvocation.MyCommand.Path)
$bin = Join-Path $folder 'bin'
$wotrus = Join-Path $bin 'wotrus.exe'
$work = Join-Path ([IO.Path]::GetTempPath()) ('wotrus-check-' + [Guid]::NewGuid().ToString('N') + '-' + [char]0x6C83)
New-Item -ItemType Directory $work | Out-Null
$failed = 0

# Runs $body, which succeeds if it throws nothing and the last program that it ran has this exit code.
function Step($name, [scriptblock]$body, $code = 0) {
    $global:LASTEXITCODE = $code
    try {
        $text = (& $body 2>&1 | Out-String).Trim()
        if ($LASTEXITCODE -ne $code) { throw "exit code ${LASTEXITCODE}: $text" }
        "ok      $name  $text"
    } catch {
        $script:failed++
        "FAILED  $name  $_"
    }
}

# A whole order against the sandbox, with TLS, whose files are written into $target. Returns their number.
function Demo($target) {
    & $wotrus --json demo --output-dir $target | Out-Null
    if ($LASTEXITCODE -eq 0) { "$([IO.Directory]::GetFiles($target, '*.pem').Length) PEM files" }
}

$report = @(
    "Windows $([Environment]::OSVersion.Version), $env:PROCESSOR_ARCHITECTURE, PowerShell $($PSVersionTable.PSVersion)"
    "code page $([Text.Encoding]::Default.CodePage), language $((Get-Culture).Name)"
    Step 'version' { & $wotrus --version }
    Step 'file version' { (Get-Item (Join-Path $bin 'wotrus.dll')).VersionInfo.ProductVersion }
    Step 'order, folder with a Chinese name' { Demo (Join-Path $work 'demo') }
    Step 'order, folder of more than 260 characters' {
        & $wotrus --json demo --output-dir (Join-Path $work (('a' * 100 + '\') * 3 + 'demo')) | Out-Null
    }
    # Windows' own root certificates are read before the connection, which is refused: exit code 7. Without any it is 2.
    Step 'root certificates of Windows' -code 7 {
        $env:WOTRUS_TOKEN, $env:WOTRUS_BASE_URL, $env:WOTRUS_CA_FILE = 'tk_check', 'https://127.0.0.1:1', 'system'
        & $wotrus order show X-1
        $env:WOTRUS_TOKEN, $env:WOTRUS_BASE_URL, $env:WOTRUS_CA_FILE = $null, $null, $null
    }
    # The DLL itself, called by .NET in this process, which must have the DLL's architecture.
    Step 'DLL' {
        $source = '[DllImport(@"' + (Join-Path $bin 'wotrus.dll') + '", CallingConvention = CallingConvention.Cdecl)]' +
            'public static extern int wotrus_abi();'
        $type = Add-Type -MemberDefinition $source -Name Native -Namespace Wotrus -PassThru
        "ABI $($type::wotrus_abi())"
    }
    "failed: $failed"
)
$report
$report | Out-File (Join-Path (Get-Location) 'check.txt') -Encoding UTF8
# This form deletes paths of any length.
& cmd /c rd /s /q "\\?\$work"
exit $failed
