using System.CommandLine;
using Field.Vision;

namespace Field.MapApp;

/// <summary><c>vision eval</c>: recomputes a model's figures.</summary>
internal static class VisionCommand
{
    private static readonly Option<string> Model = new("--model") { Description = "Name of a model in models/, or the path of a card.", Required = true };

    private static readonly Option<DirectoryInfo?> Data = new("--data")
    {
        Description = "Folder laid out like the training data: images with YOLO .txt boxes, or images/ and masks/.",
    };

    private static readonly Option<FileInfo?> Classes = new("--classes") { Description = "What numbers and colours of the truth mean (models/README.md); else DIR/classes.json." };

    private static readonly Option<int> Every = new("--every")
    {
        Description = "Only each n-th image by name, which is what the trainer keeps for itself.",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<bool> Robust = new("--robust") { Description = "Also when blurred, compressed, under-exposed and from twice the distance." };
    private static readonly Option<bool> Baseline = new("--baseline") { Description = "Also by a plain method without learning." };
    private static readonly Option<bool> Masks = new("--masks") { Description = "The images are perfect masks, white where the damage is: measures the card's rules without its network." };
    private static readonly Option<bool> Width = new("--width") { Description = "Also the widths of drawn cracks, against the drawn ones; needs no --data." };
    private static readonly Option<bool> Save = new("--save") { Description = "Write what was measured into the card." };

    public static Command Create()
    {
        Command eval = new("eval", "Recomputes precision, recall and F1 of a model on a folder of images.")
        {
            Model, Data, Classes, Every, Masks, Robust, Baseline, Width, Save,
        };
        eval.SetAction((result, cancel) => Task.Run(() => Evaluate(result, cancel), cancel));
        return new Command("vision", "Models.") { eval };
    }

    private static int Evaluate(ParseResult arguments, CancellationToken cancel)
    {
        string model = arguments.GetValue(Model)!;
        string models = Path.Combine(Installation.Root(), "models");
        string card = File.Exists(model) ? model : Path.Combine(models, model + ".json");
        if (Problem(arguments, model, models, card) is { } problem)
        {
            Console.Error.WriteLine(problem);
            return 2;
        }

        try
        {
            Measure(arguments, card, cancel);
            return 0;
        }
        catch (VisionException e)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }

    private static string? Problem(ParseResult arguments, string model, string models, string card)
    {
        if (!File.Exists(card))
        {
            string known = string.Join(", ", Directory.EnumerateFiles(models, "*.json").Select(Path.GetFileNameWithoutExtension));
            return $"no model named {model}; there is: {known}";
        }

        return arguments.GetValue(Data) switch
        {
            null when !arguments.GetValue(Width) => "--data DIR or --width is needed",
            { Exists: false } data => $"no folder {data.FullName}",
            _ when arguments.GetValue(Every) < 1 => "--every must be at least 1",
            _ when arguments.GetValue(Masks) && (arguments.GetValue(Save) || arguments.GetValue(Robust) || arguments.GetValue(Baseline)) =>
                "--masks measures the card's rules on perfect masks: not with --save, --robust or --baseline",
            _ => null,
        };
    }

    private static void Measure(ParseResult arguments, string card, CancellationToken cancel)
    {
        if (arguments.GetValue(Data) is { } data)
        {
            EvalReport report = VisionEval.Run(
                card,
                data.FullName,
                new EvalOptions
                {
                    ClassesPath = arguments.GetValue(Classes)?.FullName,
                    Every = arguments.GetValue(Every),
                    Masks = arguments.GetValue(Masks),
                    Robust = arguments.GetValue(Robust),
                    Baseline = arguments.GetValue(Baseline),
                },
                cancel);
            report.Print(Console.Out);
            if (arguments.GetValue(Save))
            {
                report.SaveTo(card);
            }
        }

        if (arguments.GetValue(Width))
        {
            IReadOnlyList<WidthFigures> widths = WidthEval.Run(card, Console.Out, cancel);
            if (arguments.GetValue(Save))
            {
                WidthEval.Save(card, widths);
            }
        }
    }
}
