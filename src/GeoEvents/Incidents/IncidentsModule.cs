namespace GeoEvents.Incidents;

/// <summary>The parts of this folder that others ask for.</summary>
public static class IncidentsModule
{
    public static void AddIncidents(this IServiceCollection services)
    {
        services.AddSingleton<IncidentReader>();
        services.AddSingleton<FindIncidents>();
        services.AddSingleton<FindFacets>();
        services.AddSingleton<LikelyDuplicates>();
    }
}
