using System.CommandLine;
using GeoEvents.Hosting;
using GeoEvents.Imports;

namespace GeoEvents.Cli.Commands;

/// <summary><c>geoevents serve</c>: the service itself, in this process.</summary>
public static class ServeCommand
{
    public static Command Create(GlobalOptions options)
    {
        var urls = new Option<string?>("--urls") { Description = "Where to listen; loopback only", HelpName = "ADDRESS" };
        var sample = new Option<string?>("--sample") { Description = $"Load a sample case first: {string.Join(", ", SampleLoader.Samples)}", HelpName = "NAME" };
        sample.CompletionSources.Add([.. SampleLoader.Samples]);
        var command = new Command("serve", "Run the service here, until Ctrl+C.") { urls, sample };
        command.WithExamples(
        [
            ("geoevents serve --sample south-caucasus", "on http://127.0.0.1:5080, with something to look at"),
            ("geoevents serve --urls http://127.0.0.1:6000", "on another port"),
            ("ConnectionStrings__geoevents=\"Host=db;Database=geoevents\" geoevents serve", "on a database of yours"),
        ],
        "Without ConnectionStrings__geoevents it makes and starts a PostgreSQL of its own, with its data in GEOEVENTS_DATA.");
        command.SetAction(result => GeoEventsService.Run(
        [
            .. result.GetValue(urls) is { } address ? ["--urls", address] : Array.Empty<string>(),
            .. result.GetValue(sample) is { } name ? ["--sample", name, "--workspace", result.GetValue(options.Workspace)!] : Array.Empty<string>(),
        ]));
        return command;
    }
}
