using System.CommandLine;
using System.Text;
using System.Text.Json;
using GeoEvents.Alerts.Rules;
using GeoEvents.Cli.Rendering;
using GeoEvents.Cli.Service;
using GeoEvents.Hosting;

namespace GeoEvents.Cli.Commands;

/// <summary><c>geoevents rule</c>: rules for alerts, written as JSON and shown as sentences.</summary>
public static class RuleCommand
{
    public static Command Create(GlobalOptions options, Surroundings surroundings)
    {
        var command = new Command("rule", "Rules for alerts: write, test, read, enable and disable them.")
        {
            List(options),
            Show(options),
            Add(options, surroundings),
            Enable(options),
            Disable(options),
            ReadyMade(options),
            RuleTestCommand.Create(options, surroundings),
        };
        command.WithExamples(
        [
            ("geoevents rule ready-made --json > rules.json", "rules to begin with"),
            ("geoevents rule add crisis.json --enable", "write a rule and let it watch"),
            ("geoevents rule list", "which there are, and which watch"),
        ]);
        return command;
    }

    private static Command List(GlobalOptions options)
    {
        var (point, page) = (new PointOptions(), new PageOptions());
        var dyad = new Option<string?>("--dyad") { Description = "Those that watch a relationship", HelpName = "AZE-RUS" };
        var enabled = new Option<bool>("--enabled") { Description = "Those of which a version watches" };
        var command = new Command("list", "The rules of the workspace, each in a sentence.") { dyad, enabled, point.KnownAsOf };
        page.AddTo(command);
        command.WithExamples([("geoevents rule list --dyad AZE-RUS", "what watches a relationship")]);
        command.SetAction(async (result, cancel) =>
        {
            using var session = options.Open(result);
            var answer = await session.Service.Get(
                "rules",
                cancel,
                [("dyad", result.GetValue(dyad)?.ToUpperInvariant()), ("enabled", result.GetValue(enabled) ? "true" : null), ("knownAsOf", result.GetValue(point.KnownAsOf)), .. page.Query(result)]);
            return session.Print(answer, () => RuleText.Print(session.Screen, answer.Read<Page<RuleLine>>()));
        });
        return command;
    }

    private static Command Show(GlobalOptions options)
    {
        var (id, point) = (Id(), new PointOptions());
        var command = new Command("show", "A rule with its versions, in words and as JSON.") { id, point.KnownAsOf };
        command.WithExamples([("geoevents rule show crisis", "what it says, and what it said before")]);
        command.SetAction(async (result, cancel) =>
        {
            using var session = options.Open(result);
            var answer = await session.Service.Get(At(result.GetValue(id)!), cancel, ("knownAsOf", result.GetValue(point.KnownAsOf)));
            return session.Print(answer, () => RuleText.Print(session.Screen, answer.Read<RuleView>()));
        });
        return command;
    }

    private static Command Add(GlobalOptions options, Surroundings surroundings)
    {
        var file = new Argument<string>("FILE") { Description = "A rule as JSON; - is standard input" };
        var enable = new Option<bool>("--enable") { Description = "Let it watch at once" };
        var confirm = new Option<bool>("--confirm") { Description = "With --enable: even if its backtest is over its budget" };
        var command = new Command("add", "Write a rule. It watches nothing before it is enabled.") { file, enable, confirm };
        command.WithExamples([("geoevents rule add crisis.json --enable", "write it and let it watch")]);
        command.SetAction(async (result, cancel) =>
        {
            using var session = options.Open(result);
            var answer = await session.Service.Post("rules", await Read(result.GetValue(file)!, surroundings, cancel), cancel);
            if (result.GetValue(enable))
            {
                answer = await session.Service.Post($"{At(answer.Read<RuleView>().Id)}/enablement", Enablement(null, result.GetValue(confirm)), cancel);
            }

            return session.Print(answer, () => RuleText.Say(session.Screen, answer.Read<RuleView>()));
        });
        return command;
    }

    private static Command Enable(GlobalOptions options)
    {
        var id = Id();
        var version = new Option<int?>("--version-number") { Description = "Which version; the latest if not said", HelpName = "NUMBER" };
        var confirm = new Option<bool>("--confirm") { Description = "Even if its backtest is over its budget" };
        var command = new Command("enable", "Let a rule watch from now on.") { id, version, confirm };
        command.WithExamples([("geoevents rule enable crisis", "its latest version")]);
        command.SetAction(async (result, cancel) =>
        {
            using var session = options.Open(result);
            var answer = await session.Service.Post($"{At(result.GetValue(id)!)}/enablement", Enablement(result.GetValue(version), result.GetValue(confirm)), cancel);
            return session.Print(answer, () => RuleText.Say(session.Screen, answer.Read<RuleView>()));
        });
        return command;
    }

    private static Command Disable(GlobalOptions options)
    {
        var id = Id();
        var reason = new Option<string>("--reason") { Description = "Why", HelpName = "TEXT", Required = true };
        var command = new Command("disable", "Let a rule watch no more. Its open episodes end.") { id, reason };
        command.WithExamples([("geoevents rule disable crisis --reason \"Too noisy\"", "it stays readable")]);
        command.SetAction(async (result, cancel) =>
        {
            using var session = options.Open(result);
            var body = JsonSerializer.Serialize(new { reason = result.GetValue(reason) }, GeoJson.Options);
            var answer = await session.Service.Post($"{At(result.GetValue(id)!)}/disablement", body, cancel);
            return session.Print(answer, () => RuleText.Say(session.Screen, answer.Read<RuleView>()));
        });
        return command;
    }

    private static Command ReadyMade(GlobalOptions options)
    {
        var command = new Command("ready-made", "Rules that ship with the service, to be added as they are or changed first.");
        command.WithExamples([("geoevents rule ready-made", "what they say"), ("geoevents rule ready-made --json", "what they are")]);
        command.SetAction(async (result, cancel) =>
        {
            using var session = options.Open(result);
            var answer = await session.Service.Get("rules/ready-made", cancel);
            return session.Print(answer, () => RuleText.Print(session.Screen, answer.Read<Listed<ReadyMadeRule>>().Items));
        });
        return command;
    }

    /// <exception cref="CommandException">It cannot be read.</exception>
    private static async Task<string> Read(string path, Surroundings surroundings, CancellationToken cancel)
    {
        try
        {
            await using var stream = path == "-" ? surroundings.Input() : File.OpenRead(path);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            return await reader.ReadToEndAsync(cancel);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Usage(File.Exists(path) ? $"'{path}' cannot be read: {e.Message}" : $"There is no file '{path}'.");
        }
    }

    private static string Enablement(int? version, bool confirm) => JsonSerializer.Serialize(new EnablementDraft(version, confirm), GeoJson.Options);

    private static Argument<string> Id() => new("ID") { Description = "The rule; 'geoevents rule list' has its id" };

    private static string At(string id) => $"rules/{Uri.EscapeDataString(id)}";
}
