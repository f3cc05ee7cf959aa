using GeoEvents.Delivery.Email;
using GeoEvents.Delivery.Webhooks;

namespace GeoEvents.Delivery;

/// <summary>What others have to know of deliveries.</summary>
public static class DeliveryModule
{
    /// <exception cref="Hosting.StartupException">A setting makes no sense.</exception>
    public static void AddDelivery(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(Hosting.PublicAddress.From(configuration));
        services.AddSingleton(RetrySchedule.From(configuration));
        services.AddSingleton(SmtpSettings.From(configuration));
        services.AddSingleton(new WebhookAddresses(configuration));
        services.AddSingleton<WebhookSender>();
        services.AddSingleton<EmailSender>();
        services.AddSingleton<DeliveryContents>();
        services.AddSingleton<DeliveryQueues>();
        services.AddSingleton<DeliveryWork>();
        services.AddSingleton<Deliverer>();
        services.AddHostedService(provider => provider.GetRequiredService<Deliverer>());
        services.AddSingleton<PlannedItems>();
        services.AddSingleton<RangePlanner>();
        services.AddSingleton<DeliveryPlanner>();
        services.AddHostedService(provider => provider.GetRequiredService<DeliveryPlanner>());
        services.AddSingleton<SubscriptionRules>();
        services.AddSingleton<SubscriptionStore>();
        services.AddSingleton<DeliveryStore>();
    }

    public static void MapDelivery(this RouteGroupBuilder workspace)
    {
        workspace.MapSubscriptions();
        workspace.MapDeliveries();
    }
}
