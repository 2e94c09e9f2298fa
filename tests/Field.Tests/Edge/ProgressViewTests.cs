using Field.Contracts;
using Field.EdgeAgent.Drone;
using Field.EdgeAgent.Outbox;
using Field.EdgeAgent.Uplink;
using Field.EdgeAgent.View;
using Spectre.Console;

namespace Field.Tests.Edge;

public sealed class ProgressViewTests
{
    [Fact]
    public async Task Bars_follow_a_resumed_upload_and_names_with_markup_do_no_harm()
    {
        using StringWriter screen = new();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(screen),
        });
        console.Profile.Width = 200;
        ProgressView view = new("/card", new Texts(true), console);
        PhotoManifest manifest = new(new string('a', 64), "[red]a].jpg", 600_000, 262_144, null, null, false, new CameraMetadata());
        OutboxPhoto photo = new(manifest, 0) { Sources = [new SourceFile("/card/[red]a].jpg", 600_000, 1)] };
        int code = await view.ShowAsync(async () =>
        {
            await Task.Yield();
            view.On(new UploadEvent.Reading("/card/[red]a].jpg"));
            view.On(new UploadEvent.Found("/card/[red]a].jpg", photo, Repeats: false));
            view.On(new UploadEvent.Sending(photo, 2));
            view.On(new UploadEvent.ChunkSent(photo, 262_144));
            view.On(new UploadEvent.Sending(photo, 2)); // the line broke and the server had lost it again
            view.On(new UploadEvent.ChunkSent(photo, 262_144));
            view.On(new UploadEvent.Stored(photo, false));
            view.Finish(new UploadSummary(1, 1, 1, 0, 0, 0, 600_000, 600_000, 2), 0, null);
            return 7;
        });
        Assert.Equal(7, code);
        Assert.Contains("保存済み [red]a].jpg (0.6 MB)", screen.ToString(), StringComparison.Ordinal);
        Assert.Contains("写真 1 枚：保存済み 1 枚", screen.ToString(), StringComparison.Ordinal);
    }
}
