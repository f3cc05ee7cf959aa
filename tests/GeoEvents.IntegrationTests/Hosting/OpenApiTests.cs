using System.Text.Json;
using System.Text.Json.Nodes;
using GeoEvents.IntegrationTests.Whole;

namespace GeoEvents.IntegrationTests.Hosting;

public class OpenApiTests(GeoEventsHost host)
{
    /// <summary>Set to 1, the test writes the document instead of comparing it.</summary>
    private const string Regenerate = "GEOEVENTS_WRITE_OPENAPI";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task The_document_in_the_repository_is_the_one_that_the_service_serves()
    {
        var served = JsonNode.Parse((await host.NewWorkspace().Get("/openapi/v1.json")).ShouldBe(200).Text)!.ToJsonString(Indented).ReplaceLineEndings("\n") + "\n";
        var path = Path.Combine(Repository(), "docs", "openapi.json");
        if (Environment.GetEnvironmentVariable(Regenerate) == "1")
        {
            await File.WriteAllTextAsync(path, served, TestContext.Current.CancellationToken);
        }

        var kept = File.Exists(path) ? (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).ReplaceLineEndings("\n") : "";
        (kept == served).ShouldBeTrue($"docs/openapi.json is not what the service serves. If the change is meant: {Regenerate}=1 dotnet test, and commit the file.");
    }

    [Fact]
    public async Task It_is_OpenAPI_3_1_and_describes_every_endpoint_with_a_summary()
    {
        var document = (await host.NewWorkspace().Get("/openapi/v1.json")).ShouldBe(200);

        document["openapi"].GetString()!.ShouldStartWith("3.1");
        var operations = document["paths"].EnumerateObject().SelectMany(p => p.Value.EnumerateObject().Select(o => (Name: $"{o.Name} {p.Name}", o.Value))).ToList();
        operations.Count.ShouldBeGreaterThan(30);
        operations.Where(o => !o.Value.TryGetProperty("summary", out _)).Select(o => o.Name).ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_list_says_what_it_is_of_and_every_read_that_answers_json_says_what_it_answers()
    {
        var document = (await host.NewWorkspace().Get("/openapi/v1.json")).ShouldBe(200).Json;

        Lists(document, "#").ShouldBeEmpty();
        var kinds = document.GetProperty("components").GetProperty("schemas");
        kinds.GetProperty("ConditionOrCondition").GetProperty("properties").GetProperty("any").GetProperty("items").GetProperty("$ref").GetString().ShouldBe("#/components/schemas/Condition");
        foreach (var path in new[] { "imports", "imports/{id}/rejections", "imports/{id}/gone", "mappings" })
        {
            document.GetProperty("paths").GetProperty($"/api/v1/{{workspace}}/{path}").GetProperty("get").GetProperty("responses").GetProperty("200")
                .GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("$ref").GetString()!.ShouldStartWith("#/components/schemas/ItemListOf");
        }

        static IEnumerable<string> Lists(JsonElement part, string at) => part.ValueKind switch
        {
            JsonValueKind.Object => (part.TryGetProperty("type", out var type) && type.ToString().Contains("array", StringComparison.Ordinal)
                    && (!part.TryGetProperty("items", out var items) || items.EnumerateObject().Any() == false) ? [at] : Array.Empty<string>())
                .Concat(part.EnumerateObject().SelectMany(p => Lists(p.Value, $"{at}/{p.Name}"))),
            JsonValueKind.Array => part.EnumerateArray().SelectMany((item, i) => Lists(item, $"{at}/{i}")),
            _ => [],
        };
    }

    /// <summary>A client made from the document relies on what it says of answers.</summary>
    [Fact]
    public async Task Answers_have_what_their_schemas_require_nothing_that_they_do_not_name_and_no_null()
    {
        var workspace = host.NewWorkspace();
        await workspace.Fill();
        var document = JsonNode.Parse((await workspace.Get("/openapi/v1.json")).ShouldBe(200).Text)!;
        var faults = new List<string>();
        foreach (var read in WholeReads.Documents)
        {
            var path = document["paths"]!.AsObject().Where(p => Matches(p.Key, workspace.At(read.Split('?')[0]))).OrderBy(p => p.Key.Count(c => c == '{')).First();
            var schema = path.Value!["get"]!["responses"]!["200"]!["content"]!["application/json"]!["schema"]!;
            faults.AddRange(Compare(JsonNode.Parse((await workspace.Get(read)).ShouldBe(200).Text), schema, read));
        }

        faults.ShouldBeEmpty();

        static bool Matches(string template, string path) => template.Split('/') is var parts && path.Split('/') is var given
            && parts.Length == given.Length && parts.Zip(given).All(p => p.First.StartsWith('{') || p.First == p.Second);

        IEnumerable<string> Compare(JsonNode? value, JsonNode schema, string at)
        {
            schema = schema["$ref"] is { } name ? document["components"]!["schemas"]![name.GetValue<string>().Split('/')[^1]]! : schema;
            if (value is JsonArray list)
            {
                return schema["items"] is { } of ? list.SelectMany((item, i) => Compare(item, of, $"{at}/{i}")) : [];
            }

            if (value is null)
            {
                return [$"{at} is null"];
            }

            if (value is not JsonObject given || schema["properties"] is not JsonObject properties)
            {
                return [];
            }

            return (schema["required"]?.AsArray() ?? []).Select(r => r!.GetValue<string>()).Where(r => !given.ContainsKey(r)).Select(r => $"{at} lacks {r}")
                .Concat(given.Where(p => !properties.ContainsKey(p.Key)).Select(p => $"{at} has {p.Key}"))
                .Concat(given.Where(p => properties.ContainsKey(p.Key)).SelectMany(p => Compare(p.Value, properties[p.Key]!, $"{at}/{p.Key}")));
        }
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "GeoEvents.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
