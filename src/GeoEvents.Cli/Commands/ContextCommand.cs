using System.CommandLine;
using GeoEvents.Cli.Rendering;
using GeoEvents.Cli.Service;
using GeoEvents.Coding;

namespace GeoEvents.Cli.Commands;

/// <summary><c>geoevents context</c>: what stands around a relationship.</summary>
public static class ContextCommand
{
    public static Command Create(GlobalOptions options)
    {
        var dyad = new Argument<string>("RELATIONSHIP") { Description = "Two actors, as AZE-RUS" };
        var point = new PointOptions();
        var command = new Command("context", "Show what stands around a relationship: goals, constraints, memberships, stakes, influence claims, pathways, assessment and last check.")
        {
            dyad, point.ValidAsOf, point.KnownAsOf,
        };
        command.WithExamples(
        [
            ("geoevents context AZE-RUS", "now"),
            ("geoevents context AZE-RUS --valid-as-of 2025-07-02 --known-as-of 2025-07-02", "as it looked then"),
        ]);
        command.SetAction(async (result, cancel) =>
        {
            using var session = options.Open(result);
            if (!Dyad.TryParse(result.GetValue(dyad)!.ToUpperInvariant(), out var pair))
            {
                throw CommandException.Usage($"'{result.GetValue(dyad)}' is not two different actor codes joined by a hyphen, such as AZE-RUS.");
            }

            var answer = await session.Service.Get(
                $"relationships/{pair}/context", cancel, ("validAsOf", result.GetValue(point.ValidAsOf)), ("knownAsOf", result.GetValue(point.KnownAsOf)));
            if (session.Json)
            {
                session.Screen.Document(answer.Json);
            }
            else
            {
                ContextText.Print(session.Screen, answer.Read<ContextAnswer>());
            }

            return ExitCode.Done;
        });
        return command;
    }
}
