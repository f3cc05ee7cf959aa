using System.CommandLine;
using GeoEvents.Cli.Rendering;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Relationships;

namespace GeoEvents.Cli.Commands;

/// <summary><c>geoevents timeline</c>: a relationship's incidents, or its numbers over time.</summary>
public static class TimelineCommand
{
    public static Command Create(GlobalOptions options, Surroundings surroundings)
    {
        var dyad = new Argument<string>("RELATIONSHIP") { Description = "Two actors, as AZE-RUS" };
        var series = new Option<string?>("--series")
        {
            Description = "Its numbers this far apart instead of its incidents: an ISO 8601 duration such as PT6H, P1D or P1M; P1D if not said",
            HelpName = "STEP",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var from = new Option<string?>("--from") { Description = "Where the series begins; 90 days before its end if not said", HelpName = "DATE" };
        var to = new Option<string?>("--to") { Description = "Where it ends; now if not said", HelpName = "DATE" };
        var (point, page) = (new PointOptions(), new PageOptions());
        var command = new Command("timeline", "List a relationship's incidents, latest first, or its numbers over time.") { dyad, series, from, to };
        point.AddTo(command);
        page.AddTo(command);
        command.WithExamples(
        [
            ("geoevents timeline AZE-RUS --limit 20", "its last incidents"),
            ("geoevents timeline AZE-RUS --valid-as-of 2025-07-02", "up to a day"),
            ("geoevents timeline AZE-RUS --series P1D --from 2025-06-20 --to 2025-07-20", "tension day by day"),
            ("geoevents timeline AZE-RUS --series P1M --from 2024-01-01 --json", "month by month, for a program"),
        ]);
        command.SetAction(async (result, cancel) =>
        {
            using var session = options.Open(result);
            if (!Dyad.TryParse(result.GetValue(dyad)!.ToUpperInvariant(), out var pair))
            {
                throw CommandException.Usage($"'{result.GetValue(dyad)}' is not two different actor codes joined by a hyphen, such as AZE-RUS.");
            }

            if (result.GetResult(series) is not null)
            {
                Refuse(result, "the incidents, not for a series", point.ValidAsOf, page.Limit, page.After);
                await Series(session, pair, [("step", result.GetValue(series) ?? "P1D"), ("from", result.GetValue(from)), ("to", result.GetValue(to)),
                    ("knownAsOf", result.GetValue(point.KnownAsOf)), ("method", result.GetValue(point.Method))], cancel);
            }
            else
            {
                Refuse(result, "a series; add --series P1D", from, to);
                await Incidents(session, pair, [.. point.Query(result), .. page.Query(result)], cancel);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static async Task Incidents(Session session, Dyad dyad, (string, string?)[] query, CancellationToken cancel)
    {
        var answer = await session.Service.Get($"relationships/{dyad}/timeline", cancel, query);
        if (session.Json)
        {
            session.Screen.Document(answer.Json);
            return;
        }

        TimelineText.Print(session.Screen, dyad, answer.Read<Page<TimelineEntry>>());
    }

    private static async Task Series(Session session, Dyad dyad, (string, string?)[] query, CancellationToken cancel)
    {
        var answer = await session.Service.Get($"relationships/{dyad}/series", cancel, query);
        if (session.Json)
        {
            session.Screen.Document(answer.Json);
            return;
        }

        TimelineText.Print(session.Screen, answer.Read<SeriesView>());
    }

    private static void Refuse(ParseResult result, string what, params Option[] options)
    {
        if (options.FirstOrDefault(o => result.GetResult(o) is { Implicit: false }) is { } option)
        {
            throw CommandException.Usage($"{option.Name} is for {what}.");
        }
    }
}
