namespace GeoEvents.Coverage;

/// <summary>The parts of this folder that others ask for.</summary>
public static class CoverageModule
{
    public static void AddCoverage(this IServiceCollection services) => services.AddSingleton<CoverageReader>();
}
