using System.Globalization;
using System.Runtime.Versioning;

namespace GeoEvents.Hosting.Postgres;

/// <summary>The user of the operating system that PostgreSQL runs as: ourselves, or someone unprivileged when we are root.</summary>
/// <remarks>
/// <para>
/// PostgreSQL refuses to run as root. Root therefore starts it as <c>postgres</c>, else <c>nobody</c>, and with the rights of that user only.
/// What it must reach may lie where that user cannot go, below <c>/root</c> for instance. Two means serve, and neither widens anybody's rights:
/// it inherits a descriptor of its data directory and calls it <c>/proc/self/fd/8</c>, which no folder above can refuse;
/// and binaries it cannot read are copied once to where it can (<see cref="PostgresBinaries.ReadableBy"/>).
/// </para>
/// <para>
/// The other way, <c>CAP_DAC_READ_SEARCH</c> as an ambient capability, lets the server read every file of the machine, and is not to be had
/// in a container with the usual capabilities, where being root is most common.
/// </para>
/// </remarks>
/// <param name="Account">User and group by number; null when PostgreSQL runs as we do.</param>
[SupportedOSPlatform("linux")]
internal sealed record ServerUser((int User, int Group)? Account)
{
    private static readonly string[] Preferred = ["postgres", "nobody"];

    /// <summary>The words that put a command into a session of its own, so that no signal to ours reaches it, as this user.</summary>
    public IReadOnlyList<string> Prefix => Account is var (user, group)
        ? ["setsid", "setpriv", $"--reuid={user}", $"--regid={group}", "--clear-groups", "--inh-caps=-all"]
        : ["setsid"];

    /// <summary>Whoever owns <paramref name="folder"/> already keeps it, so that root and its owner can take turns.</summary>
    public static async Task<ServerUser> For(string folder, CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return new ServerUser(Account: null);
        }

        var owner = await Command.Run(["stat", "--format=%u:%g", folder], "/", cancellationToken);
        var owned = owner.Succeeded && !owner.Output.StartsWith("0:", StringComparison.Ordinal);
        return new ServerUser(owned ? Parse(owner.Output.Split(':')) : Unprivileged());
    }

    /// <summary>Makes a folder that this user alone may use, or makes it so.</summary>
    public async Task Own(string folder, CancellationToken cancellationToken)
    {
        const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(folder, Private);
        File.SetUnixFileMode(folder, Private);
        if (Account is not var (user, group))
        {
            return;
        }

        var given = await Command.Run(["chown", $"{user}:{group}", folder], "/", cancellationToken);
        if (!given.Succeeded)
        {
            throw new PostgresUnavailableException(
                $"PostgreSQL does not run as root, and {folder} cannot be given to another user ({given.Output}). " +
                $"Start GeoEvents as another user, or set {DataFolder.Variable} to a folder on a local disk.");
        }
    }

    private static (int User, int Group) Unprivileged()
    {
        var accounts = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length > 3).ToLookup(fields => fields[0]);
        return Preferred.SelectMany(name => accounts[name]).Select(fields => Parse(fields[2..4])).FirstOrDefault((65534, 65534));
    }

    private static (int User, int Group) Parse(string[] numbers) =>
        (int.Parse(numbers[0], CultureInfo.InvariantCulture), int.Parse(numbers[1], CultureInfo.InvariantCulture));
}
