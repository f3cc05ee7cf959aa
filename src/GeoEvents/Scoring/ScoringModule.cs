namespace GeoEvents.Scoring;

/// <summary>The parts of this folder that others ask for.</summary>
public static class ScoringModule
{
    public static void AddScoring(this IServiceCollection services)
    {
        services.AddSingleton<MethodReader>();
    }
}
