using GeoEvents.Alerts.Rules;

namespace GeoEvents.Alerts;

/// <summary>The parts of this folder that others ask for.</summary>
public static class AlertsModule
{
    public static void AddAlerts(this IServiceCollection services)
    {
        services.AddSingleton<RuleReader>();
        services.AddSingleton<RuleEnabling>();
        services.AddSingleton<EpisodeReader>();
        services.AddSingleton<AlertReader>();
    }
}
