using System.CommandLine;
using System.Net;
using System.Text.Json;
using GeoEvents.Alerts.Rules;
using GeoEvents.Cli.Service;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Imports;

namespace GeoEvents.Cli.Commands;

/// <summary><c>geoevents sample</c>: sends a case that ships with the program to a running service.</summary>
public static class SampleCommand
{
    public static Command Create(GlobalOptions options, Surroundings surroundings)
    {
        var name = new Argument<string?>("NAME") { HelpName = "NAME", Description = "Which sample; without a name they are listed", Arity = ArgumentArity.ZeroOrOne };
        name.CompletionSources.Add([.. SampleLoader.Samples]);
        var command = new Command("sample", "Load a sample case with its rules for alerts into a running service, or list the samples.") { name };
        command.WithExamples(
        [
            ("geoevents sample", "which there are"),
            ("geoevents sample south-caucasus --workspace try", "load one into a workspace of its own"),
        ]);
        command.SetAction(async (result, cancel) =>
        {
            using var session = options.Open(result);
            if (result.GetValue(name) is not { } given)
            {
                List(session);
                return ExitCode.Done;
            }

            if (!SampleLoader.Samples.Contains(given))
            {
                throw CommandException.Usage($"There is no sample '{given}'. There is: {string.Join(", ", SampleLoader.Samples)}.");
            }

            await using var document = EmbeddedData.Open($"{given}.json");
            var code = await ImportCommand.Load(session, document, document.Length, "case", mapping: null, $"{given}.json", complete: false, wait: true, cancel);
            if (code == ExitCode.Done)
            {
                await AddRules(session, cancel);
                if (!session.Json)
                {
                    session.Screen.Line("Look at it with: geoevents show");
                }
            }

            return code;
        });
        return command;
    }

    /// <summary>Lets the ready-made rules watch. What somebody did to one of their ids before stands.</summary>
    private static async Task AddRules(Session session, CancellationToken cancel)
    {
        foreach (var ready in (await session.Service.Get("rules/ready-made", cancel)).Read<Listed<ReadyMadeRule>>().Items)
        {
            try
            {
                var answer = await session.Service.Post("rules", JsonSerializer.Serialize(ready.Rule, GeoJson.Options), cancel);
                if (answer.Status == HttpStatusCode.Created)
                {
                    await session.Service.Post($"rules/{ready.Id}/enablement", "{}", cancel);
                }
            }
            catch (RefusedByServiceException e) when (e.Status == HttpStatusCode.Conflict)
            {
            }
        }
    }

    private static void List(Session session)
    {
        if (session.Json)
        {
            session.Screen.Document(JsonSerializer.Serialize(new { items = SampleLoader.Samples }));
            return;
        }

        foreach (var sample in SampleLoader.Samples)
        {
            session.Screen.Line(sample);
        }
    }
}
