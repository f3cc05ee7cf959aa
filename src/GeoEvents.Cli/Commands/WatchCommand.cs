using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using GeoEvents.Alerts;
using GeoEvents.Cli.Rendering;
using GeoEvents.Cli.Service;
using GeoEvents.Coding;
using GeoEvents.Delivery;
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
            // What is no number at all is refused by the option itself.
            if (given.Tokens is [var token] && long.TryParse(token.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number < 0)
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
                        var fact = item.Read<FeedItem>();
                        WatchText.Print(session.Screen, fact, await HeadlineOf(session.Service, fact, cancel));
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // Ctrl+C is how this command ends.
            }

            throw new CommandException(ExitCode.Interrupted, follower.Last is null ? "Interrupted." : $"To go on: {AgainText.Of(result, ("--after", follower.Last))}");
        });
        return command;
    }

    /// <summary>What the service says that happened to an alert.</summary>
    /// <returns>Null of other facts, and if the service does not say.</returns>
    private static async Task<string?> HeadlineOf(ServiceClient service, FeedItem item, CancellationToken cancel)
    {
        if (!WatchText.IsNews(item))
        {
            return null;
        }

        try
        {
            var alert = await service.Get($"alerts/{Uri.EscapeDataString(item.Subject["alert/".Length..])}", cancel, ("knownAsOf", item.Number.ToString(CultureInfo.InvariantCulture)));
            return alert.Read<EpisodeAnswer>() is { Alert: { } line } episode ? HeadlineOf(item, line, episode.Causes) : null;
        }
        catch (Exception e) when (e is CommandException or JsonException)
        {
            return null;
        }
    }

    private static string? HeadlineOf(FeedItem item, AlertAnswer alert, IReadOnlyList<CauseView>? causes)
    {
        if (item.Type == FactTypes.NameOf(typeof(AlertFired)))
        {
            return alert.Headline;
        }

        var fact = (AlertEvent)item.Data.Deserialize(FactTypes.ByName[item.Type], Reading.Options)!;
        var changed = Headlines.ChangeOf(fact)?.Incident;
        return Headlines.Of(fact, alert.Title ?? alert.Rule, causes?.FirstOrDefault(c => c.Incident == changed)?.About.Incident?.Title, alert.FiredAt, before: null).TrimEnd('.');
    }

    private static IEnumerable<string> Types(string[] types, bool alerts) => alerts
        ? types.Concat(FactTypes.ByName.Where(t => t.Value.IsAssignableTo(typeof(AlertEvent))).Select(t => t.Key).Order(StringComparer.Ordinal)).Distinct()
        : types;

    private static Dyad DyadNamed(string text) => Dyad.TryParse(text.ToUpperInvariant(), out var pair)
        ? pair
        : throw CommandException.Usage($"'{text}' is not two different actor codes joined by a hyphen, such as AZE-RUS.");
}
