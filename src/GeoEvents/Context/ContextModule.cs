namespace GeoEvents.Context;

/// <summary>The parts of this folder that others ask for.</summary>
public static class ContextModule
{
    public static void AddContext(this IServiceCollection services)
    {
        services.AddSingleton<ReferenceReader>();
        services.AddSingleton<ProfileReader>();
        services.AddSingleton<StakeReader>();
        services.AddSingleton<InfluenceClaimReader>();
        services.AddSingleton<PathwayReader>();
        services.AddSingleton<ContextReader>();
    }
}
