from concurrent.futures import ThreadPoolExecutor
from threading import Event

import torch

from index.threads import question_threads, torch_threads


def taken(most: int) -> int:
    with question_threads(most):
        return torch.get_num_threads()


def test_a_question_takes_two_threads_and_one_while_others_are_under_way() -> None:
    with ThreadPoolExecutor(1) as other:
        with question_threads(8):
            assert torch.get_num_threads() == 2
            assert other.submit(taken, 8).result() == 1
        assert taken(8) == 2
        assert taken(1) == 1


def test_a_question_that_comes_after_the_first_of_several_has_one_thread_too() -> None:
    ended, begun = Event(), Event()

    def second() -> None:
        with question_threads(8):
            begun.set()
            ended.wait(10)

    with ThreadPoolExecutor(1) as other:
        with question_threads(8):
            held = other.submit(second)
            assert begun.wait(10)
        assert taken(8) == 1
        ended.set()
        held.result()
    assert taken(8) == 2


def test_afterwards_it_is_as_many_as_before() -> None:
    with torch_threads(3):
        taken(8)
        with torch_threads(1):
            assert torch.get_num_threads() == 1
        assert torch.get_num_threads() == 3
