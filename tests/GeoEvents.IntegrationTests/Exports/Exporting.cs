using System.Net;
using System.Text.Json;

namespace GeoEvents.IntegrationTests.Exports;

/// <summary>A file that the service sent.</summary>
public sealed record ExportFile(byte[] Bytes, string? Name, string? MediaType, string? ETag, string Shows)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Bytes);

    public JsonElement Json => JsonDocument.Parse(Bytes).RootElement;

    public IReadOnlyList<string> Lines => Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

internal static class Exporting
{
    public static readonly string[] Formats = ["jsonl", "csv", "geojson", "atom", "stix", "ical"];

    /// <summary>Downloads an export and expects it to be given.</summary>
    public static async Task<ExportFile> Export(this Workspace workspace, string query = "")
    {
        using var response = await workspace.Api.GetAsync(workspace.At($"exports/incidents?{query}"), TestContext.Current.CancellationToken);
        var bytes = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, System.Text.Encoding.UTF8.GetString(bytes));
        return new ExportFile(
            bytes, response.Content.Headers.ContentDisposition?.FileName, response.Content.Headers.ContentType?.ToString(), response.Headers.ETag?.ToString(),
            response.Headers.GetValues("GeoEvents-Shown").Single());
    }

    /// <summary>Everything that a record can hold: links, doubt, doubles of everything, and each way of changing one's mind.</summary>
    public static async Task FillWithEverything(this Workspace workspace)
    {
        var register = new
        {
            actors = new object[]
            {
                new { code = "OTS", name = "Organization of Turkic States", kind = "bloc", members = new object[] { "AZE", new { actor = "KAZ", from = "2009-10-03" } } },
                new { code = "WAGNER", name = "ЧВК «Вагнер»", kind = "armed-group", affiliation = "RUS" },
                new { code = "PMC2", name = "Its daughter", kind = "company", affiliation = "WAGNER" },
            },
            sources = new object[]
            {
                new { id = "azertac", name = "AZƏRTAC", reliability = "B", group = "AZE-state", affiliation = "AZE", url = "https://azertag.az/" },
                new { id = "ots-press", reliability = "C", affiliation = "OTS" },
                new { id = "wire", reliability = "A" },
            },
        };
        await workspace.Log(new
        {
            id = "multi",
            occurred = "2025-03-04T10:00:00+04:00",
            title = "=Удар по колонне, 3 \"раненых\"",
            summary = "Tab\there,\nand a second line; 日本語 🛰 \\ end",
            type = "aerial-attack",
            cameo = "195",
            links = new object[]
            {
                new { actor = "WAGNER", recipient = "AZE", attribution = 0.6, actorRole = "MIL" },
                new { actor = "RUS", recipient = "AZE", attribution = 0.35, recipientRole = "GOV" },
                new { actor = "RUS", recipient = "OTS", attribution = 1.0 / 3 },
            },
            others = new object[] { new { actor = "TUR", role = "mediator" }, new { actor = "PMC2", role = "alleged-influence" } },
            place = new { name = "Xankəndi", country = "AZE", latitude = 39.8177, longitude = 46.7528, precision = "city" },
            deaths = new { best = 3, low = 2, high = 7 },
            injured = 11,
            detained = 0,
            intent = "deliberate",
            issues = new[] { "Нагорный-Карабах", "convoy" },
            handling = "amber-strict",
            assessment = new { likelihood = new[] { 0.55, 0.8 }, confidence = "moderate", note = "Two sources agree." },
            sourceRecordedAt = "2025-03-04T09:00:00.123456Z",
            reports = new object[]
            {
                new { source = "wire", credibility = 2, quote = "“It was hit.”\nSaid twice.", url = "https://example.org/a?b=1&c=2", publishedAt = "2025-03-04T08:00:00+02:00" },
                new { source = "azertac", credibility = 3, stance = "denies" },
                new { source = "ots-press", independentSources = 4 },
            },
            register,
        });
        await workspace.Log(Example.Incident("ban", "2025-02~", "-Ban of imports", "economic-sanctions", "RUS", "AZE", measure: new { opens = true }));
        await workspace.Log(Example.Incident("ban-lifted", "2025-03-10", "+Ban lifted", "measures-eased", "RUS", "AZE", measure: new { closes = "ban" }));
        await workspace.Log(new { id = "zoned", occurred = "2025-03-01T23:30", zone = "Asia/Baku", title = "@Night", type = "diplomatic-protest", links = new[] { new { actor = "AZE", recipient = "RUS" } }, respondsTo = "multi", handling = "clear", place = new { name = "Somewhere" } });
        await workspace.Log(new { id = "coded", occurred = "2024-05/2024-06", title = "By code", cameo = "1121", links = new[] { new { actor = "ARM", recipient = "AZE" } }, reports = new object[] { new { source = "wire", independentSources = 5 } } });
        await workspace.Log(Example.Incident("graded", "2025-03-05", "Doubtful", reports: [new { source = "wire", credibility = 1 }]));
        await workspace.Log(new { id = "graded-at-once", occurred = "2025-03-06", title = "Doubtful from the start", type = "criticism", links = new[] { new { actor = "AZE", recipient = "RUS" } }, grade = new { credibility = 0.123456789012345, reason = "Seen by our own\ncorrespondent" } });
        await workspace.Log(Example.Incident("graded-and-back", "2025-03-05", "Not doubtful", reports: [new { source = "wire", credibility = 1 }]));
        await workspace.Log(Example.Incident("corrected", "2025-03-07", "Wrong title"));
        await workspace.Log(Example.Incident("retracted", "2025-03-07", "Never happened"));
        await workspace.Log(Example.Incident("back-again", "2025-03-08", "Did happen", type: "agreement-signed"));
        await workspace.Log(Example.Incident("regraded", "2025-03-08", "Of a source that was graded anew", reports: [new { source = "ots-press", credibility = 2 }]));

        await Change("graded/grade", new { credibility = 0.35, reason = "Один источник; \"сомнительный\"" });
        await Change("graded-and-back/grade", new { credibility = 0.1, reason = "hasty" });
        await Change("graded-and-back/grade", new { reason = "thought again" });
        await Change("corrected/corrections", new { reason = "misread", changes = new { title = "Right title\u2028", occurred = "2025-03-02", issues = new[] { "media" } } });
        await Change("retracted/retraction", Example.Reason());
        await Change("back-again/retraction", Example.Reason());
        await Change("back-again/reinstatement", Example.Reason());
        await Change("multi/reports", new { source = "wire", credibility = 4, quote = "attached" });
        await Change("multi/reports/r2/withdrawal", Example.Reason());
        (await workspace.Post("sources/ots-press/grade", new { reason = "reads well", reliability = "B", group = "ots" }, ifMatch: "*")).ShouldBe(200);
        await Change("regraded/regrading", Example.Reason());
        await Change("multi/regrading", Example.Reason());
        (await workspace.Post("actors/OTS/amendments", new { reason = "new member", members = new object[] { "AZE", "KAZ", "UZB" } }, ifMatch: "*")).ShouldBe(200);

        async Task Change(string path, object body) => (await workspace.Post($"incidents/{path}", body, ifMatch: "*")).ShouldBe(200);
    }
}
