// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/command_specs.h"

#include <algorithm>

namespace sallyport::cli {

using namespace Qt::StringLiterals;

namespace {

OptionSpec json()
{
    return {u"--json"_s, {}, u"print JSON with \"schema\": 1"_s};
}

OptionSpec waitOption()
{
    return {u"--wait"_s, u"SECONDS"_s, u"wait this long for the new state (1 to 3600; default 10)"_s};
}

OptionSpec noWait()
{
    return {u"--no-wait"_s, {}, u"return as soon as the request was accepted"_s};
}

CommandSpec status()
{
    return {u"status"_s, {u"status [--json] [--watch]"_s}, u"show what is on"_s,
        {u"Shows both switches, the guard, every device, and what is in the way."_s},
        {json(), {u"--watch"_s, {}, u"print again at every change, until Ctrl-C; with --json one object per line"_s}},
        u"sally status --json | jq -r .exit.phase"_s};
}

CommandSpec home()
{
    return {u"home"_s, {u"home on|off"_s}, u"switch Home, the way to your own devices"_s,
        {u"Returns when payload can flow, or is off."_s}, {waitOption(), noWait(), json()}, u"sally home on"_s};
}

CommandSpec exitCommand()
{
    return {u"exit"_s, {u"exit on|off"_s, u"exit use NAME"_s, u"exit list"_s}, u"switch or choose the way out"_s,
        {u"'on' takes the exit chosen last, 'use' chooses one and switches it on; both return when it answers."_s,
            u"'list' shows the exits of the configuration. The guard stays closed while an exit does not answer."_s},
        {waitOption(), noWait(), json()}, u"sally exit use mullvad-se --wait 20"_s};
}

CommandSpec lockdown()
{
    return {u"lockdown"_s, {u"lockdown on|off"_s}, u"keep the internet blocked while no exit is on"_s,
        {u"Home keeps working. Switching it off may need an administrator's password."_s}, {json()},
        u"sally lockdown on"_s};
}

CommandSpec pause()
{
    return {u"pause"_s, {u"pause MINUTES|off"_s},
        u"open the guard and leave the exit for a while (1 to 1440 minutes)"_s,
        {u"Afterwards everything is as it was. 'off' ends the pause now."_s}, {json()}, u"sally pause 15"_s};
}

CommandSpec apply()
{
    return {u"apply"_s, {u"apply FILE.json|-"_s}, u"make the configuration what the file says"_s,
        {u"Applying the same file twice changes nothing. Key files named in the file are opened by you, not by the"_s,
            u"helper; relative names are relative to the file. '-' reads standard input. Host names are looked up here."_s},
        {json()}, u"sally apply ~/wgnet.json"_s};
}

CommandSpec import()
{
    return {u"import"_s, {u"import FILE.conf|FILE.zip|- [--home|--exit] [--name N]"_s},
        u"take over WireGuard configuration files"_s,
        {u"Shows each line as used, changed or refused; commands in the file (PostUp and its like) are never run."_s,
            u"A file that sends everything through one peer becomes an exit, any other becomes Home."_s},
        {{u"--home"_s, {}, u"import as Home"_s}, {u"--exit"_s, {}, u"import as an exit"_s},
            {u"--name"_s, u"N"_s, u"name of the exit or of Home (default: the file's name)"_s},
            {u"--replace"_s, {}, u"replace the Home or the exit of that name"_s}, json()},
        u"sally import mullvad.zip --exit"_s};
}

CommandSpec exportCommand()
{
    return {u"export"_s, {u"export DEVICE [--conf|--qr|--png FILE]"_s},
        u"write a WireGuard configuration file for a device or an exit"_s,
        {u"DEVICE is this machine, another device of Home, or an exit. The private key comes from --key, or for this"_s,
            u"machine from the key file that the configuration names; without one the line is left out."_s},
        {{u"--conf"_s, {}, u"print the file (default)"_s}, {u"--qr"_s, {}, u"print a QR code for a phone's camera"_s},
            {u"--png"_s, u"FILE"_s, u"write a QR code as a picture that only you can read; never overwrites"_s},
            {u"--key"_s, u"FILE"_s, u"file with the private key of DEVICE; '-' is standard input"_s}, json()},
        u"sally export phone --key phone.key --qr"_s};
}

CommandSpec device()
{
    return {u"device"_s,
        {u"device list"_s, u"device show NAME"_s, u"device add NAME --key KEY --address A [options]"_s,
            u"device remove NAME"_s, u"device prefer|pin|forbid|release NAME ADDRESS"_s},
        u"list and change the devices of Home"_s,
        {u"'show' lists every way to a device and why it is used or not. 'prefer' takes a way while it answers, 'pin' no"_s,
            u"other, 'forbid' never this one, 'release' takes that back; ADDRESS as 'show' prints it."_s},
        {{u"--key"_s, u"KEY"_s, u"public key of the device"_s},
            {u"--address"_s, u"A"_s, u"address in Home; may be repeated"_s, true},
            {u"--endpoint"_s, u"E"_s, u"where it can be reached, address:port or name:port; may be repeated"_s, true},
            {u"--lan-endpoint"_s, u"E"_s, u"the same, in its own local network only; may be repeated"_s, true},
            {u"--route"_s, u"R"_s, u"network behind it; may be repeated"_s, true},
            {u"--alias"_s, u"A"_s, u"another name; may be repeated"_s, true},
            {u"--keepalive"_s, u"SECONDS"_s, u"send something this often (1 to 65535)"_s},
            {u"--offers-exit"_s, {}, u"it forwards to the internet"_s}, json()},
        u"sally device add nas --key xTIB…zX8= --address 10.42.1.4 --endpoint nas.example.org:53333"_s};
}

CommandSpec keygen()
{
    return {u"keygen"_s, {u"keygen [--out FILE]"_s}, u"make a new key"_s,
        {u"Prints two lines, 'private KEY' and 'public KEY'. With --out the private key goes to a new file that only"_s,
            u"you can read, an existing one is never overwritten, and just the public key is printed."_s},
        {{u"--out"_s, u"FILE"_s, u"write the private key to FILE"_s}, json()}, u"sally keygen --out laptop.key"_s};
}

CommandSpec why()
{
    return {u"why"_s, {u"why HOST [--json]"_s}, u"follow the way to a host and say what to change"_s,
        {u"HOST is a device, an address or a name. Walks from the name to the address, the route, the device, its ways,"_s,
            u"the handshake, the packet size and the far side, and ends with the one thing to change, if there is one."_s},
        {json()}, u"sally why nas"_s};
}

CommandSpec doctor()
{
    return {u"doctor"_s, {u"doctor [--json]"_s}, u"check this machine and say what to do"_s,
        {u"Looks at the helper, polkit, WireGuard, nftables, the resolver and other VPNs. Needs no privilege, changes"_s,
            u"nothing. Fails if something is bad; a warning alone is not a failure."_s},
        {json()}, u"sally doctor"_s};
}

CommandSpec report()
{
    return {u"report"_s, {u"report FILE|- [--open|--strict]"_s}, u"write a report for whoever is to help"_s,
        {u"The check-up of 'sally doctor' and what the services say, as text that you can read and change before you give it"_s,
            u"away. It never holds a key that has to stay secret. FILE must not exist yet; '-' is standard output."_s},
        {{u"--open"_s, {}, u"as it is; otherwise public addresses and public keys are replaced"_s},
            {u"--strict"_s, {}, u"replace names and all other addresses, too"_s}},
        u"sally report sallyport.txt"_s};
}

CommandSpec unlock()
{
    return {u"unlock"_s, {u"unlock"_s}, u"open the guard by force (root; works with no helper)"_s,
        {u"For a machine without internet whose helper is gone or stuck. Asks the helper to switch Exit and lockdown"_s,
            u"off, if there is one, then removes what still blocks: the guard's table and the exit's rule."_s},
        {json()}, u"sudo sally unlock"_s};
}

QStringList exitCodeLines()
{
    return {u"Exit codes: 0 done, 1 failed, 2 usage, 3 not authorised, 4 no helper, 5 blocked or not connected,"_s,
        u"130 interrupted."_s};
}

} // namespace

const std::vector<CommandSpec> &commandSpecs()
{
    static const std::vector<CommandSpec> specs = {status(), home(), exitCommand(), lockdown(), pause(), apply(),
        import(), exportCommand(), device(), why(), keygen(), doctor(), report(), unlock()};
    return specs;
}

const CommandSpec *findCommand(const QString &name)
{
    const auto found = std::ranges::find(commandSpecs(), name, &CommandSpec::name);
    return found == commandSpecs().end() ? nullptr : &*found;
}

const OptionSpec *findOption(const CommandSpec &command, const QString &name)
{
    const auto found = std::ranges::find(command.options, name, &OptionSpec::name);
    return found == command.options.end() ? nullptr : &*found;
}

QStringList helpLines()
{
    QStringList lines = {u"sally - the two switches of Sallyport: Home and Exit"_s, {}, u"Usage:"_s};
    for (const CommandSpec &command : commandSpecs())
        lines += u"  sally %1  %2"_s.arg(command.name.leftJustified(9), command.summary);
    lines += {QString(), u"  --help after a command explains it; --version prints the version."_s, QString()};
    return lines + exitCodeLines();
}

QStringList helpLines(const CommandSpec &command)
{
    QStringList lines = {u"sally %1 - %2"_s.arg(command.name, command.summary), {}, u"Usage:"_s};
    for (const QString &synopsis : command.synopsis)
        lines += u"  sally "_s + synopsis;
    if (!command.details.isEmpty())
        lines += QStringList{QString()} + command.details;
    lines += {QString(), u"Options:"_s};
    for (const OptionSpec &option : command.options)
        lines += u"  %1  %2"_s.arg(QString(option.name + u' ' + option.value).leftJustified(18), option.help);
    lines += u"  %1  %2"_s.arg(u"--help"_s.leftJustified(18), u"show this"_s);
    lines += {QString(), u"Example:"_s, u"  "_s + command.example, QString()};
    return lines + exitCodeLines();
}

} // namespace sallyport::cli
