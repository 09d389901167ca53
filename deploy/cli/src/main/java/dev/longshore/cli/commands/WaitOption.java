package dev.longshore.cli.commands;

import java.util.Map;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/// `--wait` and `--wait=N`: a word that merely follows belongs to something else, as in `--wait "Hello"`.
final class WaitOption implements IParameterPreprocessor {
    /// What `--wait` alone stands for.
    static final String UNTIL_THE_END = "36500d";

    @Override
    public boolean preprocess(Stack<String> words, CommandSpec command, ArgSpec option, Map<String, Object> info) {
        if (" ".equals(info.get("separator"))) {
            words.push(UNTIL_THE_END);
        }
        return false;
    }
}
