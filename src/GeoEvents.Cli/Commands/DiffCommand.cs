using System.CommandLine;
using GeoEvents.Cli.Rendering;
using GeoEvents.Coding;
using GeoEvents.Relationships.Diff;

namespace GeoEvents.Cli.Commands;

/// <summary><c>geoevents diff</c>: why a relationship reads otherwise at one point than at another.</summary>
public static class DiffCommand
{
    private const string LinesShown = "20";

    public static Command Create(GlobalOptions options)
    {
        var dyad = new Argument<string>("RELATIONSHIP") { Description = "Two actors, as AZE-RUS" };
        var fromValid = new Option<string?>("--from-valid-as-of") { Description = "What had happened by then, at the earlier point; as at the later one if not said", HelpName = "DATE" };
        var fromKnown = new Option<string?>("--from-known-as-of") { Description = "What was on record by then, at the earlier point; as at the later one if not said", HelpName = "DATE" };
        var fromMethod = new Option<string?>("--from-method") { Description = "How the earlier point is scored; as the later one if not said", HelpName = "ID" };
        var (point, page) = (new PointOptions(), new PageOptions());
        var command = new Command("diff", "Show what changed in a relationship between two points, and why.") { dyad, fromValid, fromKnown, fromMethod };
        point.AddTo(command);
        page.AddTo(command);
        command.WithExamples(
        [
            ("geoevents diff AZE-RUS --from-known-as-of 2025-07-01", "what has been learned, corrected and retracted since then"),
            ("geoevents diff AZE-RUS --from-valid-as-of 2025-06-25 --valid-as-of 2025-07-10", "what happened between two days, and what decayed"),
            ("geoevents diff AZE-RUS --from-valid-as-of 2025-07-01 --from-known-as-of 2025-07-01", "then as it looked then, and now as it looks now"),
            ("geoevents diff AZE-RUS --from-known-as-of 1200 --known-as-of 1300 --json", "between two log positions, for a program"),
        ]);
        command.SetAction(async (result, cancel) =>
        {
            using var session = options.Open(result);
            if (!Dyad.TryParse(result.GetValue(dyad)!.ToUpperInvariant(), out var pair))
            {
                throw CommandException.Usage($"'{result.GetValue(dyad)}' is not two different actor codes joined by a hyphen, such as AZE-RUS.");
            }

            (string, string?)[] from = [("fromValidAsOf", result.GetValue(fromValid)), ("fromKnownAsOf", result.GetValue(fromKnown)), ("fromMethod", result.GetValue(fromMethod))];
            if (Array.TrueForAll(from, f => f.Item2 is null) && result.GetValue(page.After) is null)
            {
                throw CommandException.Usage("Say what to compare with: one or more of --from-known-as-of, --from-valid-as-of and --from-method.");
            }

            (string Name, string? Value)[] query = [.. from, .. point.Query(result), .. page.Query(result)];
            var answer = await session.Service.Get(
                $"relationships/{pair}/diff", cancel, [.. query.Select(q => q.Name == "limit" && !session.Json ? (q.Name, q.Value ?? LinesShown) : q)]);
            if (session.Json)
            {
                session.Screen.Document(answer.Json);
            }
            else
            {
                DiffText.Print(session.Screen, answer.Read<BeliefDiffView>());
            }

            return ExitCode.Done;
        });
        return command;
    }
}
