using System.CommandLine;
using GeoEvents.Cli.Rendering;
using GeoEvents.Coding;
using GeoEvents.Relationships;
using GeoEvents.Relationships.Robustness;

namespace GeoEvents.Cli.Commands;

/// <summary><c>geoevents explain</c>: what tension is made of.</summary>
public static class ExplainCommand
{
    public static Command Create(GlobalOptions options)
    {
        var dyad = new Argument<string>("RELATIONSHIP") { Description = "Two actors, as AZE-RUS" };
        var (point, page) = (new PointOptions(), new PageOptions(unsaid: 10));
        var command = new Command("explain", "Explain why tension is what it is: by direction, kind, type, issue, source, incident by incident, and on whom it depends.") { dyad };
        point.AddTo(command);
        page.AddTo(command);
        command.WithExamples(
        [
            ("geoevents explain AZE-RUS --valid-as-of 2025-07-02", "what the tension of a day is made of"),
            ("geoevents explain AZE-RUS --valid-as-of 2025-07-02 --mode as-it-looked-then", "and with what was known on that day"),
            ("geoevents explain AZE-RUS --limit 100 --json", "the hundred incidents that weigh most, for a program"),
        ]);
        command.SetAction(async (result, cancel) =>
        {
            using var session = options.Open(result);
            if (!Dyad.TryParse(result.GetValue(dyad)!.ToUpperInvariant(), out var pair))
            {
                throw CommandException.Usage($"'{result.GetValue(dyad)}' is not two different actor codes joined by a hyphen, such as AZE-RUS.");
            }

            var answer = await session.Service.Get($"relationships/{pair}/contributions", cancel, [.. point.Query(result), .. page.Query(result)]);
            if (session.Json)
            {
                session.Screen.Document(answer.Json);
            }
            else
            {
                var view = answer.Read<ContributionsView>();
                (string, string?)[] pinned = [("validAsOf", Words.Exact(view.ValidAsOf)), ("knownAsOf", $"{view.KnownAsOf.Position}"), ("method", view.Method)];
                ExplanationText.Print(session.Screen, view, (await session.Service.Get($"relationships/{pair}/robustness", cancel, pinned)).Read<RobustnessView>());
            }

            return ExitCode.Done;
        });
        return command;
    }
}
