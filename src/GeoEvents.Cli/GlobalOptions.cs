using System.CommandLine;
using GeoEvents.Cli.Rendering;
using GeoEvents.Cli.Service;

namespace GeoEvents.Cli;

/// <summary>The options that every command takes.</summary>
public sealed class GlobalOptions(Surroundings surroundings)
{
    public const string JsonName = "--json";

    public Option<string> Url { get; } = new("--url")
    {
        Description = $"Address of the service; {Connection.UrlVariable} sets another default",
        DefaultValueFactory = _ => surroundings.Variable(Connection.UrlVariable) is { Length: > 0 } url ? url : Connection.DefaultUrl,
        HelpName = "ADDRESS",
        Recursive = true,
    };

    public Option<string> Workspace { get; } = new("--workspace", "-w")
    {
        Description = $"Workspace; {Connection.WorkspaceVariable} sets another default",
        DefaultValueFactory = _ => surroundings.Variable(Connection.WorkspaceVariable) is { Length: > 0 } name ? name : Connection.DefaultWorkspace,
        HelpName = "NAME",
        Recursive = true,
    };

    public Option<string> User { get; } = new("--user")
    {
        Description = "Who is recorded as the one who wrote",
        DefaultValueFactory = _ => surroundings.OperatingSystemUser,
        HelpName = "NAME",
        Recursive = true,
    };

    public Option<bool> Json { get; } = new(JsonName) { Description = "Print the service's JSON as it came: one document, for programs", Recursive = true };

    public Option<bool> NoColour { get; } = new("--no-color", "--no-colour") { Description = "No colours; NO_COLOR does the same", Recursive = true };

    public void AddTo(RootCommand root)
    {
        root.Add(Url);
        root.Add(Workspace);
        root.Add(User);
        root.Add(Json);
        root.Add(NoColour);
    }

    /// <exception cref="CommandException">Address, workspace or user cannot be.</exception>
    public Session Open(ParseResult result)
    {
        var connection = Connection.Of(result.GetValue(Url)!, result.GetValue(Workspace)!, result.GetValue(User)!);
        return new Session(
            new ServiceClient(connection, surroundings), new Screen(surroundings, result.GetValue(NoColour)), result.GetValue(Json), connection, surroundings);
    }
}

/// <summary>What one command works with.</summary>
/// <param name="Json">Print documents as they come.</param>
public sealed record Session(ServiceClient Service, Screen Screen, bool Json, Connection Connection, Surroundings Surroundings) : IDisposable
{
    public void Dispose() => Service.Dispose();

    /// <summary>Shows an answer: to programs as it came.</summary>
    /// <returns>The exit code of a command that is done with it.</returns>
    public int Print(ServiceAnswer answer, Action forPeople)
    {
        if (Json)
        {
            Screen.Document(answer.Json);
        }
        else
        {
            forPeople();
        }

        return ExitCode.Done;
    }
}
