# check.ps1: tests wotrus.exe and wotrus.dll on this machine, without contacting the service. Please send its output
# (check.txt) to the project. Works with PowerShell 2, which Windows 7 has:
#   powershell -ExecutionPolicy Bypass -File docs\check.ps1
$folder = Split-Path -Parent (Split-Path -Parent $MyInvocation.MyCommand.Path)
$bin = Join-Path $folder 'bin'
$wotrus = Join-Path $bin 'wotrus.exe'
$work = Join-Path ([IO.Path]::GetTempPath()) ('wotrus-check-' + [Guid]::NewGuid().ToString('N') + '-' + [char]0x6C83)
New-Item -ItemType Directory $work | Out-Null
$failed = 0

function Step($name, [scriptblock]$body) {
    try {
        $text = (& $body 2>&1 | Out-String).Trim()
        if ($LASTEXITCODE -ne 0) { throw "exit code ${LASTEXITCODE}: $text" }
        "ok      $name  $text"
    } catch {
        $script:failed++
        "FAILED  $name  $_"
    }
}

$report = @(
    "Windows $([Environment]::OSVersion.Version), $env:PROCESSOR_ARCHITECTURE, PowerShell $($PSVersionTable.PSVersion)"
    "code page $([Text.Encoding]::Default.CodePage), language $((Get-Culture).Name)"
    Step 'version' { & $wotrus --version }
    Step 'file version' { $global:LASTEXITCODE = 0; (Get-Item (Join-Path $bin 'wotrus.dll')).VersionInfo.ProductVersion }
    # A whole order against the sandbox, with TLS, into a folder with a Chinese name.
    Step 'demo' { Push-Location $work; & $wotrus --json demo | Out-Null; Pop-Location }
    Step 'certificate files' {
        $global:LASTEXITCODE = 0
        $count = @(Get-ChildItem $work -Recurse -Filter *.pem).Count
        if ($count -eq 0) { throw 'no certificate was written' }
        "$count PEM files"
    }
    # The DLL itself, called by .NET in this process, which must have the DLL's architecture.
    Step 'DLL' {
        $global:LASTEXITCODE = 0
        $code = '[DllImport(@"' + (Join-Path $bin 'wotrus.dll') + '", CallingConvention = CallingConvention.Cdecl)]' +
            'public static extern int wotrus_abi();'
        $type = Add-Type -MemberDefinition $code -Name Native -Namespace Wotrus -PassThru
        "ABI $($type::wotrus_abi())"
    }
    "failed: $failed"
)
$report
$report | Out-File (Join-Path (Get-Location) 'check.txt') -Encoding UTF8
Remove-Item -Recurse -Force $work
exit $failed
