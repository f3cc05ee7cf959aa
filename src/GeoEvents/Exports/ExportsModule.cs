namespace GeoEvents.Exports;

/// <summary>The parts of this folder that others ask for.</summary>
public static class ExportsModule
{
    public static void AddExports(this IServiceCollection services)
    {
        services.AddSingleton<ExportReader>();
        services.AddSingleton<Exporter>();
        services.AddSingleton<IDeadlineSource, AssessmentDeadlines>();
        services.AddSingleton<IDeadlineSource, PathwayDeadlines>();
    }
}
