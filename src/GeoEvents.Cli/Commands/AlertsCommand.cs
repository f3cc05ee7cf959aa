using System.CommandLine;
using System.Text.Json;
using GeoEvents.Cli.Rendering;
using GeoEvents.Cli.Service;
using GeoEvents.Hosting;

namespace GeoEvents.Cli.Commands;

/// <summary><c>geoevents alerts</c>: what fired, and what it rests on.</summary>
public static class AlertsCommand
{
    private static readonly (string Name, string Description, string Value)[] Filters =
    [
        ("state", "firing, resolved or recalled", "STATE"),
        ("severity", "info, warning or critical, and whatever is worse", "SEVERITY"),
        ("dyad", "A relationship", "AZE-RUS"),
        ("actor", "One side of the relationship", "CODE"),
        ("rule", "The rule that fired", "ID"),
        ("assignee", "Who is to see to it", "NAME"),
        ("acknowledged", "true or false", "TRUE"),
        ("silenced", "true or false", "TRUE"),
        ("from", "Fired then or later", "DATE"),
        ("to", "Fired before then", "DATE"),
    ];

    public static Command Create(GlobalOptions options)
    {
        var (point, page) = (new PointOptions(), new PageOptions());
        var filters = Filters.Select(f => (f.Name, Option: new Option<string?>($"--{f.Name}") { Description = f.Description, HelpName = f.Value })).ToList();
        var command = new Command("alerts", "Alerts, the last fired first; show and acknowledge them.") { Show(options), Acknowledge(options) };
        filters.ForEach(f => command.Add(f.Option));
        command.Add(point.ValidAsOf);
        command.Add(point.KnownAsOf);
        page.AddTo(command);
        command.WithExamples(
        [
            ("geoevents alerts --state firing", "what is open"),
            ("geoevents alerts --dyad AZE-RUS --severity warning", "of one relationship, warnings and worse"),
            ("geoevents alerts show crisis.AZE-RUS.3", "why it fired, and what came of it"),
        ]);
        command.SetAction(async (result, cancel) =>
        {
            using var session = options.Open(result);
            var answer = await session.Service.Get(
                "alerts",
                cancel,
                [
                    .. filters.Select(f => (f.Name, f.Name is "dyad" or "actor" ? result.GetValue(f.Option)?.ToUpperInvariant() : result.GetValue(f.Option))),
                    ("validAsOf", result.GetValue(point.ValidAsOf)), ("knownAsOf", result.GetValue(point.KnownAsOf)), .. page.Query(result),
                ]);
            return session.Print(answer, () => AlertText.Print(session.Screen, answer.Read<Page<AlertAnswer>>()));
        });
        return command;
    }

    private static Command Show(GlobalOptions options)
    {
        var (id, point) = (Id(), new PointOptions());
        var command = new Command("show", "An alert with what it rests on and what was recorded since.") { id, point.ValidAsOf, point.KnownAsOf };
        command.WithExamples([("geoevents alerts show crisis.AZE-RUS.3", "the episode")]);
        command.SetAction(async (result, cancel) =>
        {
            using var session = options.Open(result);
            var answer = await session.Service.Get(
                At(result.GetValue(id)!), cancel, ("validAsOf", result.GetValue(point.ValidAsOf)), ("knownAsOf", result.GetValue(point.KnownAsOf)));
            return session.Print(answer, () => AlertText.Print(session.Screen, answer.Read<EpisodeAnswer>()));
        });
        return command;
    }

    private static Command Acknowledge(GlobalOptions options)
    {
        var id = Id();
        var note = new Option<string?>("--note") { Description = "What is to be said with it", HelpName = "TEXT" };
        var command = new Command("ack", "Say that you have seen an alert.") { id, note };
        command.WithExamples([("geoevents alerts ack crisis.AZE-RUS.3 --note \"Called Baku\"", "seen, and something said")]);
        command.SetAction(async (result, cancel) =>
        {
            using var session = options.Open(result);
            var body = JsonSerializer.Serialize(new { note = result.GetValue(note) }, GeoJson.Options);
            var answer = await session.Service.Post($"{At(result.GetValue(id)!)}/acknowledgement", body, cancel);
            return session.Print(answer, () => AlertText.Say(session.Screen, answer.Read<AlertAnswer>()));
        });
        return command;
    }

    private static Argument<string> Id() => new("ID") { Description = "The alert; 'geoevents alerts' has its id" };

    private static string At(string id) => $"alerts/{Uri.EscapeDataString(id)}";
}
