using System.CommandLine;
using GeoEvents.Alerts;
using GeoEvents.Cli.Rendering;
using GeoEvents.Cli.Service;
using GeoEvents.Coding;
using GeoEvents.Feed;
using GeoEvents.Recording;

namespace GeoEvents.Cli.Commands;

/// <summary><c>geoevents watch</c>: the feed as it comes, a line for each fact.</summary>
public static class WatchCommand
{
    public static Command Create(GlobalOptions options, Surroundings surroundings)
    {
        var dyads = new Argument<string[]>("RELATIONSHIP") { Description = "Two actors, as AZE-RUS; all if none is said", Arity = ArgumentArity.ZeroOrMore };
        var types = new Option<string[]>("--type") { Description = "Kinds of facts, as incident_logged or alert_fired; may be given several times", HelpName = "TYPE" };
        types.CompletionSources.Add(_ => FactTypes.ByName.Keys.Order(StringComparer.Ordinal).Select(name => new System.CommandLine.Completions.CompletionItem(name)));
        var rules = new Option<string[]>("--rule") { Description = "Ids of rules: what is about them and their alerts; may be given several times", HelpName = "ID" };
        var alerts = new Option<bool>("--alerts") { Description = "Only facts about alerts" };
        var after = new Option<long?>("--after") { Description = "Go on after that number of the feed; 0 is from the beginning, and without it from now on", HelpName = "NUMBER" };
        after.Validators.Add(given =>
        {
            if (given.GetValue(after) < 0)
            {
                given.AddError("--after is a number of the feed, 0 or more.");
            }
        });
        var command = new Command("watch", "Show what is recorded as it is recorded: incidents, corrections, alerts.") { dyads, types, rules, alerts, after };
        command.WithExamples(
        [
            ("geoevents watch", "everything, from now on"),
            ("geoevents watch AZE-RUS ARM-AZE --alerts", "alerts of two relationships"),
            ("geoevents watch --type alert_fired --rule crisis --json", "a rule's firings, one JSON document a line, for a program"),
            ("geoevents watch --after 1234", "what was recorded after number 1234, and on"),
        ],
        "A connection that breaks is opened again, and nothing is lost. Ctrl+C ends, and says how to go on.");
        command.SetAction(async (result, cancel) =>
        {
            using var session = options.Open(result);
            var follower = new FeedFollower(session.Service, surroundings, session.Screen.Say);
            (string, string?)[] query =
            [
                .. result.GetValue(dyads)!.Select(d => ("dyad", (string?)$"{DyadNamed(d)}")),
                .. Types(result.GetValue(types)!, result.GetValue(alerts)).Select(t => ("type", (string?)t)),
                .. result.GetValue(rules)!.Select(r => ("rule", (string?)r)),
            ];
            try
            {
                await foreach (var item in follower.Follow(result.GetValue(after), query, cancel))
                {
                    if (session.Json)
                    {
                        session.Screen.Document(item.Json);
                    }
                    else
                    {
                        WatchText.Print(session.Screen, item.Read<FeedItem>());
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // Ctrl+C is how this command ends.
            }

            throw new CommandException(ExitCode.Interrupted, follower.Last is null ? "Interrupted." : $"To go on: geoevents watch --after {follower.Last}");
        });
        return command;
    }

    private static IEnumerable<string> Types(string[] types, bool alerts) => alerts
        ? types.Concat(FactTypes.ByName.Where(t => t.Value.IsAssignableTo(typeof(AlertEvent))).Select(t => t.Key).Order(StringComparer.Ordinal)).Distinct()
        : types;

    private static Dyad DyadNamed(string text) => Dyad.TryParse(text.ToUpperInvariant(), out var pair)
        ? pair
        : throw CommandException.Usage($"'{text}' is not two different actor codes joined by a hyphen, such as AZE-RUS.");
}
