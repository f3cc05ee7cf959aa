using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoEvents.Cli.Rendering;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Relationships.Counterfactual;

namespace GeoEvents.Cli.Commands;

/// <summary><c>geoevents what-if</c>: what a relationship would be if incidents were otherwise.</summary>
public static class WhatIfCommand
{
    public static Command Create(GlobalOptions options, Surroundings surroundings)
    {
        var dyad = new Argument<string>("RELATIONSHIP") { Description = "Two actors, as AZE-RUS" };
        var drop = new Option<string[]>("--drop") { Description = "As if this incident were not on record", HelpName = "ID" };
        var move = new Option<string[]>("--move") { Description = "As if it had happened at another time", HelpName = "ID=DATE" };
        var recode = new Option<string[]>("--recode") { Description = "As if it had been of another type, or CAMEO code", HelpName = "ID=TYPE" };
        var reattribute = new Option<string[]>("--reattribute")
        {
            Description = "As if it had been done by and to others: all its links, with how far the act is the actor's if that is not 1",
            HelpName = "ID=RUS:AZE:0.6,…",
        };
        var add = new Option<string[]>("--add") { Description = "As if this incident had happened: a JSON body as for log, or a list of them; - is standard input", HelpName = "FILE" };
        var overlay = new Option<string?>("--overlay") { Description = "Changes that the workspace keeps under this name; those given here come after them", HelpName = "NAME" };
        var save = new Option<string?>("--save") { Description = "Keep the changes given here under this name, for everybody in the workspace, for 30 days", HelpName = "NAME" };
        var point = new PointOptions();
        var command = new Command("what-if", "Show what a relationship would be if incidents were otherwise. Nothing is recorded.")
        {
            dyad, drop, move, recode, reattribute, add, overlay, save,
        };
        point.AddTo(command);
        command.WithExamples(
        [
            ("geoevents what-if AZE-RUS --valid-as-of 2025-07-02 --drop yekaterinburg-raid", "had it not happened"),
            ("geoevents what-if AZE-RUS --valid-as-of 2025-07-02 --move sputnik-raid=2025-08-01 --recode culture-cancelled=diplomatic-protest", "later, and milder"),
            ("geoevents what-if AZE-RUS --reattribute yekaterinburg-raid=RUS:AZE:0.3", "hardly the state's doing"),
            ("geoevents what-if AZE-RUS --add release.json --save release", "with one that has not happened, kept for others"),
            ("geoevents what-if AZE-RUS --overlay release --drop sputnik-raid", "what is kept, and one more"),
        ]);
        command.SetAction(async (result, cancel) =>
        {
            using var session = options.Open(result);
            if (!Dyad.TryParse(result.GetValue(dyad)!.ToUpperInvariant(), out var pair))
            {
                throw CommandException.Usage($"'{result.GetValue(dyad)}' is not two different actor codes joined by a hyphen, such as AZE-RUS.");
            }

            var changes = new JsonObject();
            Put(changes, "drop", Given(drop).Select(id => (JsonNode)JsonValue.Create(id)));
            Put(changes, "move", Given(move).Select(text => Pair("--move", text)).Select(p => new JsonObject { ["id"] = p.Id, ["occurred"] = p.Value }));
            Put(changes, "recode", Given(recode).Select(text => Pair("--recode", text))
                .Select(p => new JsonObject { ["id"] = p.Id, [p.Value.All(char.IsAsciiDigit) ? "cameo" : "type"] = p.Value }));
            Put(changes, "reattribute", Given(reattribute).Select(text => Pair("--reattribute", text))
                .Select(p => new JsonObject { ["id"] = p.Id, ["links"] = new JsonArray([.. p.Value.Split(',').Select(LinkOf)]) }));
            Put(changes, "add", await Incidents(Given(add), surroundings, cancel));
            if (changes.Count == 0 && result.GetValue(overlay) is null)
            {
                throw CommandException.Usage("Say what is to be supposed: --drop, --move, --recode, --reattribute, --add or --overlay.");
            }

            if (result.GetValue(save) is not null && (changes.Count == 0 || result.GetValue(overlay) is not null))
            {
                throw CommandException.Usage("--save keeps the changes that are given here, without those of an --overlay.");
            }

            await Show(session, pair, changes, result.GetValue(overlay), point.Query(result), result.GetValue(save), cancel);
            return ExitCode.Done;

            string[] Given(Option<string[]> option) => result.GetValue(option) ?? [];
        });
        return command;
    }

    private static async Task Show(
        Session session, Dyad dyad, JsonObject changes, string? overlay, (string Name, string? Value)[] point, string? save, CancellationToken cancel)
    {
        var body = new JsonObject { ["series"] = new JsonObject() };
        foreach (var (name, value) in point.Append(("overlay", overlay)).Where(p => p.Item2 is not null))
        {
            body[name] = value;
        }

        if (changes.Count > 0)
        {
            body["changes"] = changes.DeepClone();
        }

        var answer = await session.Service.PostAndWait($"relationships/{dyad}/counterfactual", body.ToJsonString(GeoJson.Options), cancel);
        if (save is not null)
        {
            await session.Service.Put($"overlays/{Uri.EscapeDataString(save)}", new JsonObject { ["changes"] = changes }.ToJsonString(GeoJson.Options), cancel);
        }

        if (session.Json)
        {
            session.Screen.Document(answer.Json);
            return;
        }

        WhatIfText.Print(session.Screen, answer.Read<CounterfactualView>());
        if (save is not null)
        {
            session.Screen.Line();
            session.Screen.Line($"Kept as overlay {save}: geoevents what-if {dyad} --overlay {save}");
        }
    }

    private static void Put(JsonObject changes, string name, IEnumerable<JsonNode> items)
    {
        if (items.ToArray() is { Length: > 0 } given)
        {
            changes[name] = new JsonArray(given);
        }
    }

    private static (string Id, string Value) Pair(string option, string text) => text.Split('=', 2) is [{ Length: > 0 } id, { Length: > 0 } value]
        ? (id, value)
        : throw CommandException.Usage($"{option} takes the id of an incident, an equals sign, and what it should be, not '{text}'.");

    private static JsonNode LinkOf(string text) => text.Split(':') switch
    {
        [var actor, var recipient] => new JsonObject { ["actor"] = actor, ["recipient"] = recipient },
        [var actor, var recipient, var part] when double.TryParse(part, System.Globalization.CultureInfo.InvariantCulture, out var attribution) =>
            new JsonObject { ["actor"] = actor, ["recipient"] = recipient, ["attribution"] = attribution },
        _ => throw CommandException.Usage($"A link is ACTOR:RECIPIENT, or ACTOR:RECIPIENT:0.6 with its attribution, not '{text}'."),
    };

    private static async Task<IReadOnlyList<JsonNode>> Incidents(IEnumerable<string> files, Surroundings surroundings, CancellationToken cancel)
    {
        var incidents = new List<JsonNode>();
        foreach (var file in files)
        {
            try
            {
                await using var stream = file == "-" ? surroundings.Input() : File.OpenRead(file);
                using var reader = new StreamReader(stream, Encoding.UTF8);
                var json = JsonNode.Parse(await reader.ReadToEndAsync(cancel));
                incidents.AddRange(json is JsonArray list ? list.OfType<JsonNode>().Select(i => i.DeepClone()) : [json ?? throw new JsonException("It is null.")]);
            }
            catch (JsonException e)
            {
                throw CommandException.Usage($"'{file}' holds no JSON: {e.Message}");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw CommandException.Usage(File.Exists(file) ? $"'{file}' cannot be read: {e.Message}" : $"There is no file '{file}'.");
            }
        }

        return incidents;
    }
}
