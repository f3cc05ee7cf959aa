using System.Text.RegularExpressions;

namespace GeoEvents.Cli;

/// <summary>All that a command touches outside itself, so that a test can be the terminal and the wire.</summary>
/// <param name="Input">Standard input, opened when it is read.</param>
/// <param name="RawOutput">Standard output for bytes that are passed on as they are.</param>
/// <param name="Variable">Environment variable by name; null if it is not set.</param>
/// <param name="Wire">What carries requests; null is the network.</param>
/// <param name="Wait">Waits between attempts and polls.</param>
public sealed record Surroundings(
    TextWriter Output,
    TextWriter Error,
    Func<Stream> Input,
    Func<Stream> RawOutput,
    bool OutputIsTerminal,
    bool ErrorIsTerminal,
    Func<string, string?> Variable,
    string OperatingSystemUser,
    TimeProvider Clock,
    HttpMessageHandler? Wire,
    Func<TimeSpan, CancellationToken, Task> Wait)
{
    public static Surroundings OfProcess() => new(
        Console.Out,
        Console.Error,
        Console.OpenStandardInput,
        Console.OpenStandardOutput,
        !Console.IsOutputRedirected,
        !Console.IsErrorRedirected,
        Environment.GetEnvironmentVariable,
        Environment.UserName,
        TimeProvider.System,
        null,
        Task.Delay);
}

/// <summary>Which service, which workspace, on whose behalf.</summary>
public sealed partial record Connection(Uri Service, string Workspace, string User)
{
    public const string DefaultUrl = "http://127.0.0.1:5080";

    public const string DefaultWorkspace = "main";

    public const string UrlVariable = "GEOEVENTS_URL";

    public const string WorkspaceVariable = "GEOEVENTS_WORKSPACE";

    /// <exception cref="CommandException">One of them cannot be.</exception>
    public static Connection Of(string url, string workspace, string user)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var service) || service.Scheme is not ("http" or "https"))
        {
            throw CommandException.Usage($"'{url}' is not the address of a service, such as {DefaultUrl}.");
        }

        if (!WorkspaceName().IsMatch(workspace))
        {
            throw CommandException.Usage($"'{workspace}' is not the name of a workspace: 1 to 63 lower-case letters, digits and hyphens, a letter or digit first.");
        }

        return user.Length is > 0 and <= 200 && !user.Any(char.IsControl)
            ? new Connection(service, workspace, user)
            : throw CommandException.Usage("A user is named by 1 to 200 characters on one line.");
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,62}\z")]
    private static partial Regex WorkspaceName();
}
