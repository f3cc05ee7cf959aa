using System.Text;
using System.Text.Json;
using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Delivery;
using GeoEvents.Delivery.Webhooks;
using GeoEvents.Incidents;

namespace GeoEvents.Tests.Delivery;

public class CloudEventTests
{
    private const string Here = "https://geoevents.example/api/v1/main/feed";

    /// <summary>As many causes as a receipt can have, with the longest titles and ids there can be, in a script that takes four bytes for a character.</summary>
    private static readonly DeliveryContent Largest = Content(
        [.. Enumerable.Range(0, 20).Select(i => new CauseReference(Wide(100), Wide(100), long.MaxValue, 0.12345678901234567))],
        Enumerable.Range(0, 60).ToDictionary(i => $"condition{i}.some-rather-long-name-of-a-value", i => 1.2345678901234567 / (i + 1)));

    [Fact]
    public void A_body_that_fits_is_whole()
    {
        var body = CloudEvent.Write(Content([new CauseReference("raid", "Raid", 3, 4.2)], new Dictionary<string, double> { ["tension"] = 63.2 }), Here);
        body.Length.ShouldBeLessThan(5_000);
        Data(body).TryGetProperty("leftOut", out _).ShouldBeFalse();
    }

    [Fact]
    public void The_largest_alert_loses_causes_first_the_lightest_before_the_others_and_says_so()
    {
        var body = CloudEvent.Write(Largest, Here);
        body.Length.ShouldBeLessThanOrEqualTo(CloudEvent.Most);
        Data(body).GetProperty("leftOut").EnumerateArray().Select(l => l.GetString()).ShouldBe(["causes"]);
        Data(body).GetProperty("causes").GetArrayLength().ShouldBeInRange(1, 19);
        Data(body).GetProperty("values").EnumerateObject().Count().ShouldBe(60);
    }

    [Fact]
    public void What_still_does_not_fit_without_causes_loses_values_and_keeps_the_sentence()
    {
        var body = CloudEvent.Write(Content([], Enumerable.Range(0, 2_000).ToDictionary(i => $"condition{i}.value", i => (double)i)), Here);
        body.Length.ShouldBeLessThanOrEqualTo(CloudEvent.Most);
        Data(body).GetProperty("leftOut").EnumerateArray().Select(l => l.GetString()).ShouldBe(["values"]);
        Data(body).GetProperty("headline").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public void A_large_fact_is_left_to_the_feed()
    {
        var fact = JsonSerializer.SerializeToElement(new { text = new string('x', 30_000) });
        var body = CloudEvent.Write(Content(null, null) with { Fact = fact }, Here);
        body.Length.ShouldBeLessThanOrEqualTo(CloudEvent.Most);
        Data(body).GetProperty("leftOut")[0].GetString().ShouldBe("fact");
    }

    [Fact]
    public void Envelope_and_sequence_are_those_of_CloudEvents()
    {
        var json = JsonDocument.Parse(CloudEvent.Write(Content(null, null), Here)).RootElement;
        json.EnumerateObject().Select(p => p.Name).ShouldBe(["specversion", "id", "source", "type", "subject", "time", "datacontenttype", "sequence", "data"]);
        (json.GetProperty("specversion").GetString(), json.GetProperty("id").GetString()).ShouldBe(("1.0", "42"));
        json.GetProperty("source").GetString().ShouldBe("https://geoevents.example/api/v1/main/feed");
        json.GetProperty("sequence").GetString().ShouldBe("0000000000000000042");
    }

    private static string Wide(int characters) => new StringBuilder().Insert(0, "🛰", characters).ToString();

    private static JsonElement Data(byte[] body) => JsonDocument.Parse(body).RootElement.GetProperty("data");

    private static DeliveryContent Content(IReadOnlyList<CauseReference>? causes, IReadOnlyDictionary<string, double>? values) => new(
        "main", 42, "alert_fired", "alert/a.AZE-RUS.1", new DateTimeOffset(2025, 7, 2, 12, 0, 0, TimeSpan.Zero), $"AZE-RUS: “{Wide(100)}” fired, warning.",
        "a.AZE-RUS.1", new RuleReference("a", Wide(100), 1), [Dyad.Parse("AZE-RUS")], Severity.Warning, null, null, default(DateTimeOffset), values, null, null,
        new ChangeReference("i", Wide(100), ChangeClass.Correction, 1), causes, null, new ContentLinks("a", "r", "f"));
}
