using System.CommandLine;
using Field.MapApp;
using Field.MapApp.Access;
using Field.MapApp.Bookings;
using Field.MapApp.Forms;
using Field.MapApp.Impact;
using Field.MapApp.Layers;
using Field.MapApp.Residents;
using Field.MapApp.Review;
using Field.MapApp.Routes;

RootCommand root = new("Field's server.")
{
    UpCommand.Create(), DeviceCommand.Create(), AuditCommand.Create(), LockCommand.Create(), BookingsCommand.Create(), VisionCommand.Create(), AlarmsCommand.Create(),
    DeadLettersCommand.Create(), RouteCommand.Create(), FlightCommand.Create(), AssetsCommand.Create(), FindingsCommand.Create(), FormCommand.Create(), ImpactCommand.Create(),
    ImportCommand.Create(), LayersCommand.Create(), ResidentsCommand.Create(), UserCommand.Create(), TokenCommand.Create(),
};
return await root.Parse(args).InvokeAsync().ConfigureAwait(false);
