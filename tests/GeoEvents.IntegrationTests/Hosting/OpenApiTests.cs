using System.Text.Json;
using System.Text.Json.Nodes;

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
