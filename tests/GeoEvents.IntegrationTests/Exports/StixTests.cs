using System.Text.Json.Nodes;
using GeoEvents.IntegrationTests.Relationships;
using Json.Schema;

namespace GeoEvents.IntegrationTests.Exports;

/// <summary>STIX bundles against the JSON schemas that OASIS published, and against what schemas cannot say.</summary>
public class StixTests(GeoEventsHost host)
{
    private static readonly string[] Definitions = ["marking-definition", "extension-definition"];

    /// <summary>Types that the specification has and the published schema of bundles does not list, so that no bundle with one is valid by it. Each has a schema of its own.</summary>
    private static readonly string[] Unlisted = ["incident", "location", "note", "extension-definition"];

    private static readonly Dictionary<string, JsonSchema> Schemas = Load();

    private readonly Workspace workspace = host.NewWorkspace();

    [Fact]
    public async Task The_sample_case_is_a_bundle()
    {
        await workspace.Import(await ConformanceTests.SampleCase());

        var bundle = await Bundle();

        ShouldBeValid(bundle);
        var objects = bundle["objects"]!.AsArray();
        objects.Count(o => TypeOf(o) == "incident").ShouldBe((await workspace.Get("incidents?limit=500")).Items.Count);
        var raid = objects.Single(o => TypeOf(o) == "incident" && (string?)o!["extensions"]!.AsObject().Single().Value!["incident_id"] == "yekaterinburg-raid")!;
        ((int)raid["confidence"]!).ShouldBe((int)Math.Round(100 * (await workspace.Get("incidents/yekaterinburg-raid"))["credibility.value"].GetDouble()));
        objects.Where(o => TypeOf(o) == "identity").Select(o => (string?)o!["name"]).ShouldContain("Azerbaijan");
    }

    [Fact]
    public async Task Whatever_a_record_can_hold_is_a_bundle()
    {
        await workspace.FillWithEverything();

        var bundle = await Bundle();

        ShouldBeValid(bundle);
        var objects = bundle["objects"]!.AsArray();
        var multi = objects.Single(o => TypeOf(o) == "incident" && ((string?)o!["name"])!.StartsWith('='))!;
        multi["object_marking_refs"]!.AsArray().Select(m => (string?)m).ShouldBe(["marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"], "TLP:AMBER+STRICT");
        var links = objects.Where(o => TypeOf(o) == "relationship" && (string?)o!["source_ref"] == (string?)multi["id"]).ToList();
        links.Select(l => (string)l!["relationship_type"]!).Order().ShouldBe(["attributed-to", "attributed-to", "located-at", "related-to", "related-to", "targets", "targets"]);
        var notes = objects.Where(o => TypeOf(o) == "note" && o!["object_refs"]!.AsArray().Any(r => (string?)r == (string?)multi["id"])).ToList();
        notes.Select(n => (int?)n!["confidence"]).ShouldBe([70, null, 30], "grades 2, none and 4 on the Admiralty scale");
        ((string?)objects.Single(o => TypeOf(o) == "location")!["country"]).ShouldBe("AZ");
    }

    [Fact]
    public async Task An_empty_workspace_is_a_bundle() => ShouldBeValid(await Bundle());

    [Fact]
    public async Task A_bundle_that_lacks_something_would_be_found()
    {
        await workspace.FillWithEverything();
        var bundle = await Bundle();
        foreach (var (type, property) in new[]
        {
            ("incident", "name"), ("incident", "created"), ("identity", "name"), ("relationship", "target_ref"), ("note", "object_refs"),
            ("extension-definition", "schema"), ("marking-definition", "created"), ("location", "longitude"),
        })
        {
            var lacking = bundle["objects"]!.AsArray().First(o => TypeOf(o) == type)!.DeepClone().AsObject();
            Faults(Schemas[type], lacking).ShouldBeEmpty();
            lacking.Remove(property).ShouldBeTrue();

            Faults(Schemas[type], lacking).ShouldNotBeEmpty($"{type} without {property}");
        }
    }

    private async Task<JsonNode> Bundle() => JsonNode.Parse((await workspace.Export("format=stix")).Bytes)!;

    private static void ShouldBeValid(JsonNode bundle)
    {
        var objects = bundle["objects"]!.AsArray();
        // One of each type, since its schema tries every object by forty others.
        var oneOfEach = bundle.DeepClone();
        oneOfEach["objects"] = new JsonArray([.. objects.Where(o => !Unlisted.Contains(TypeOf(o))).DistinctBy(TypeOf).Select(o => o!.DeepClone())]);
        Faults(Schemas["bundle"], oneOfEach).ShouldBeEmpty();
        foreach (var one in objects)
        {
            Faults(Schemas[TypeOf(one)], one!).ShouldBeEmpty(one!.ToJsonString());
        }

        var ids = objects.Select(o => (string)o!["id"]!).ToList();
        ids.ShouldBeUnique();
        foreach (var one in objects)
        {
            foreach (var (property, value) in one!.AsObject())
            {
                var refs = property.EndsWith("_refs", StringComparison.Ordinal) ? value!.AsArray().Select(r => (string)r!)
                    : property.EndsWith("_ref", StringComparison.Ordinal) ? [(string)value!] : [];
                refs.Except(ids).ShouldBeEmpty($"{property} of {one["id"]} refers to what is not in the bundle");
            }

            if (!Definitions.Contains(TypeOf(one)))
            {
                string.CompareOrdinal((string)one["modified"]!, (string)one["created"]!).ShouldBeGreaterThanOrEqualTo(0);
            }
        }
    }

    private static string TypeOf(JsonNode? one) => (string)one!["type"]!;

    private static IEnumerable<string> Faults(JsonSchema schema, JsonNode document)
    {
        if (schema.Evaluate(document, new EvaluationOptions { OutputFormat = OutputFormat.Flag }).IsValid)
        {
            return [];
        }

        var result = schema.Evaluate(document, new EvaluationOptions { OutputFormat = OutputFormat.List });
        return [$"invalid by {schema.BaseUri}", .. result.Details.Where(d => d.HasErrors).SelectMany(d => d.Errors!.Select(e => $"{d.InstanceLocation}: {e.Value}"))];
    }

    private static Dictionary<string, JsonSchema> Load()
    {
        var all = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "stix"), "*.json", SearchOption.AllDirectories).Select(f => (File: f, Schema: JsonSchema.FromFile(f))).ToList();
        foreach (var (_, schema) in all)
        {
            SchemaRegistry.Global.Register(schema);
        }

        return all.ToDictionary(s => Path.GetFileNameWithoutExtension(s.File), s => s.Schema);
    }
}
