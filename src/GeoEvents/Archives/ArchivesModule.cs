namespace GeoEvents.Archives;

/// <summary>The parts of this folder that others ask for.</summary>
public static class ArchivesModule
{
    public static void AddArchives(this IServiceCollection services)
    {
        services.AddSingleton<LogWalk>();
        services.AddSingleton<LogVerification>();
        services.AddSingleton<ArchiveWriter>();
        services.AddSingleton<ArchiveRestore>();
    }
}
