namespace GeoEvents.IntegrationTests;

/// <summary>Requests as a client writes them, with a few fields to vary.</summary>
internal static class Example
{
    public static object Incident(
        string? id = null,
        string occurred = "2025-03-01",
        string title = "Envoy summoned",
        string type = "diplomatic-protest",
        string actor = "AZE",
        string recipient = "RUS",
        double attribution = 1,
        object[]? reports = null,
        object? measure = null,
        string[]? issues = null,
        string? intent = null,
        object? register = null,
        object? place = null) => new Dictionary<string, object?>
        {
            ["id"] = id,
            ["occurred"] = occurred,
            ["title"] = title,
            ["type"] = type,
            ["links"] = new[] { new { actor, recipient, attribution } },
            ["reports"] = reports,
            ["measure"] = measure,
            ["issues"] = issues,
            ["intent"] = intent,
            ["register"] = register,
            ["place"] = place,
        }.Where(field => field.Value is not null).ToDictionary();

    public static object Reason(string reason = "checked again") => new { reason };
}
